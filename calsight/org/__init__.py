"""A whole organisation: the same questions for many calendars at once, answered for groups, never for persons."""
