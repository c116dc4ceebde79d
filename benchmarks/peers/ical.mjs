// ical.js: node ical.mjs FILE START END → JSON {seconds, occurrences, peak_mb}. Dates are YYYY-MM-DD.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const [, , file, from, to, modules] = process.argv;
const ICAL = (await import(createRequire(modules + "/").resolve("ical.js"))).default;
const began = performance.now();
const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const start = ICAL.Time.fromDateString(from), end = ICAL.Time.fromDateString(to);
const groups = new Map();
for (const component of calendar.getAllSubcomponents("vevent")) {
  const uid = component.getFirstPropertyValue("uid");
  if (!groups.has(uid)) groups.set(uid, []);
  groups.get(uid).push(component);
}
let occurrences = 0;
const count = (from, to) => { if (from.compare(end) < 0 && to.compare(start) > 0) occurrences++; };
for (const components of groups.values()) {
  const master = components.find((c) => !c.hasProperty("recurrence-id"));
  const overrides = components.filter((c) => c !== master);
  if (!master) { for (const c of overrides) { const e = new ICAL.Event(c); count(e.startDate, e.endDate); } continue; }
  const event = new ICAL.Event(master, { exceptions: overrides });
  if (!event.isRecurring()) { count(event.startDate, event.endDate); continue; }
  const iterator = event.iterator();
  for (let next; (next = iterator.next()); ) {
    if (next.compare(end) >= 0) break;
    const details = event.getOccurrenceDetails(next);
    count(details.startDate, details.endDate);
  }
}
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000, occurrences, peak_mb: process.resourceUsage().maxRSS / 1024 }));
