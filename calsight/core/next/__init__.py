"""What to do next: actions, whom to meet and when, and what has changed since last time."""
