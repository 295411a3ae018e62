// Expand calendars with ical.js and the VTIMEZONE they carry, never one from a table.
// stdin: {"label": "BEGIN:VCALENDAR..."}; stdout: {"label": [[start, end, description], ...]}, in Unix seconds.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

function expand(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const part of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(new ICAL.Timezone(part));
  }
  return calendar.getAllSubcomponents("vevent").flatMap(occurrences).sort((one, other) => one[0] - other[0]);
}

function occurrences(component) {
  const tzid = component.getFirstProperty("dtstart").getParameter("tzid");
  if (tzid && !ICAL.TimezoneService.has(tzid)) throw new Error(`no VTIMEZONE for ${tzid}`);
  const event = new ICAL.Event(component);
  const found = [];
  const iterator = event.iterator();
  for (let next = iterator.next(); next; next = iterator.next()) {
    const { startDate, endDate } = event.getOccurrenceDetails(next);
    found.push([startDate.toUnixTime(), endDate.toUnixTime(), event.description]);
  }
  return found;
}

const calendars = JSON.parse(readFileSync(0, "utf8"));
const expanded = Object.entries(calendars).map(([label, text]) => [label, expand(text)]);
process.stdout.write(JSON.stringify(Object.fromEntries(expanded)));
