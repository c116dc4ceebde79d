"""How many one-to-ones a week, how sure that is, and the verdict that follows (docs/scoring.md)."""
