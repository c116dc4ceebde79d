"""iCalendar files, folders, archives, standard input and web addresses."""
