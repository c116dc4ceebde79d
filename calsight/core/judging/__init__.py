"""From an event to a meeting: the table of docs/meaning.md, one rule a row, and what the rules look at."""
