"""What calsight means: pure functions from calendar events to a report.

Nothing here reads a clock, a file or the network, and nothing logs. Read in this order, the modules explain the product:

1. `events`: what a connector yields: `CalendarEvent`, `Attendee`, `Calendar`.
2. `options`: every default of the product that a person may change.
3. `meetings`: what an event becomes: `Meeting`, with its kind and reason.
4. `people`, `owner`, `titles`, `conference`: who was there, who is "me", and how people met.
5. `classify`: event to meeting, the table of docs/meaning.md, one rule a line.
6. `exposure`: the weeks in which one could have met.
7. `bayes`: the formulas, on NumPy arrays.
8. `visibility`: the rate, the flag, and the reasons for them.
9. `report`: the one result.
"""
