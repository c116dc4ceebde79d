"""The values that travel: events, meetings, options, the report. Plain and frozen; they know nothing of how they are made."""
