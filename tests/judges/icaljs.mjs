// Expand the calendars of a folder with ical.js and the VTIMEZONE they carry, never one from a table.
// stdout: "F name" for each file, "T summary description" in hexadecimal for each event, "I start end" in Unix seconds
// for each instance, all parted by tabs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ICAL from "ical.js";

const [folder] = process.argv.slice(2);
const hexadecimal = (text) => Buffer.from(text ?? "").toString("hex");

function* lines(component) {
  const tzid = component.getFirstProperty("dtstart").getParameter("tzid");
  if (tzid && !ICAL.TimezoneService.has(tzid)) throw new Error(`no VTIMEZONE for ${tzid}`);
  const event = new ICAL.Event(component);
  yield `T\t${hexadecimal(event.summary)}\t${hexadecimal(event.description)}`;
  const iterator = event.iterator();
  for (let next = iterator.next(); next; next = iterator.next()) {
    const { startDate, endDate } = event.getOccurrenceDetails(next);
    yield `I\t${startDate.toUnixTime()}\t${endDate.toUnixTime()}`;
  }
}

for (const name of readdirSync(folder).filter((name) => name.endsWith(".ics"))) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(join(folder, name), "utf8")));
  ICAL.TimezoneService.reset();
  for (const part of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(new ICAL.Timezone(part));
  }
  const found = calendar.getAllSubcomponents("vevent").flatMap((event) => [...lines(event)]);
  process.stdout.write([`F\t${name}`, ...found].join("\n") + "\n");
}
