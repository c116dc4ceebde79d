"""What calsight means: pure functions from calendar events to a report.

Nothing here reads a clock, a file or the network, and nothing logs. The rooms stand one over the other; each knows those
below it only. Read from the ground up, they explain the product:

1. `model`: the values that travel. What a connector yields (`events`), what an event becomes (`meetings`), what a person
   may set (`options`), in what a calendar is judged (`frame`: owner, zone, window, and the one "now"), and the result
   (`report`).
2. `time`: days and weeks in a zone (`days`, `zones`), spans (`intervals`), and the time in which the owner works
   (`working`) and was there (`available`).
3. `wording`: every sentence, by a stable code.
4. `people`: whose an address is (`addresses`, `identities`), what a line of an invitation stands for (`roles`), everyone of
   a calendar (`directory`), who was at one event (`presence`), and who is "me" (`owner`, `unlisted`).
5. `judging`: event to meeting. The same meeting in two calendars (`merge`), what titles say (`titles`), how people met
   (`mode`, by `conference` links), where nobody can tell (`unknown`), the table of docs/meaning.md (`rows`) and who asks it
   (`bench`), what else a meeting could be (`doubts`, `companions`), what the owner says against it (`corrections`,
   `corrected`), and why (`explain`).
6. `rate`: the weeks in which one could have met (`exposure`, with `worked`, `weeks` and `silence`), which one-to-ones count
   (`overlaps`, `count`), the formulas (`bayes`), each way to read what is in doubt (`readings`), and the `verdict` with its
   `grounds`, `levels`, `breadth`, and what would change it (`change`, `questions`).
7. `relationships`: with whom (`interactions`, `series`, `signs`), by which `rhythm`, gathered in a `circle` of `tie`s; and
   the `account`, which finds out once whatever follows from a judged calendar.
8. `picture`: what time and interest look like (`open_time`, `choices`, `situation`), the index (`visibility`), and when
   meetings are (`heat`).
9. `next`: what to do (`actions`), whom to meet and when (`suggest`, `slots`), and what has changed (`compare`).
"""
