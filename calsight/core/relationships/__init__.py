"""With whom the owner meets one-to-one, and whether each tie is still alive (docs/relationships.md)."""
