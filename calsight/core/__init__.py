"""What calsight means: pure functions from calendar events to a report.

Nothing here reads a clock, a file or the network, and nothing logs. Read in this order, the modules explain the product:

1. `events`: what a connector yields: `CalendarEvent`, `Attendee`, `Calendar`.
2. `options`: every default of the product that a person may change.
3. `meetings`: what an event becomes: `Meeting`, with its kind and reason; `merge`: the same meeting in two calendars.
4. Who was there: `addresses` and `roles` (one line of an invitation), `people` (the directory), `presence` (one event),
   `unknown` (where nobody can tell). `owner` and `listed`: who is "me". `titles` and `conference`: what was said, how they met.
5. `classify`: event to meeting, the table of docs/meaning.md, one rule a line; `explain` says it step by step;
   `corrections`: what the owner says against it.
6. `exposure`: the weeks in which one could have met; `overlaps`: time that must not count twice.
7. `bayes`: the formulas, on NumPy arrays.
8. `visibility`: the rate and the flag; `evidence`: where nothing may be said; `reasons` and `sentences*`: why, in words.
9. `interactions`, `series`, `signs`, `ties`, `relationships`: with whom, and whether it is alive.
10. `situation` with `choices`, `available` and `heat`: what time and interest look like; `index`: the summary.
11. `advice`, `suggest`, `slots`, `compare`: what to do next, when, and what has changed.
12. `report`: the one result.
"""
