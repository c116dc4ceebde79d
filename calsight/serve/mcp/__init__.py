"""The MCP server: what a language model may ask of a person's calendars, and what it is told."""
