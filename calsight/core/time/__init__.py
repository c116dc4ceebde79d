"""Calendar arithmetic, all of it: days in a zone, spans, working hours, available time."""
