"""Reports and lists in a terminal."""
