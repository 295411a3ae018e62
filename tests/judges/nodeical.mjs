// Expand the calendars of a folder with node-ical, which knows time zones by their names.
// stdout: "F name" for each file, "T summary description" in hexadecimal and "I start end" in Unix seconds for each
// instance, all parted by tabs.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import ical from "node-ical";

const [folder] = process.argv.slice(2);
const hexadecimal = (text) => Buffer.from(text).toString("hex");
const seconds = (moment) => moment.getTime() / 1000;
const always = { from: new Date("1970-01-01"), to: new Date("2100-01-01") };

for (const name of readdirSync(folder).filter((name) => name.endsWith(".ics"))) {
  const lines = [`F\t${name}`];
  for (const event of Object.values(ical.sync.parseFile(join(folder, name)))) {
    if (event.type !== "VEVENT") continue;
    lines.push(`T\t${hexadecimal(event.summary)}\t${hexadecimal(event.description)}`);
    for (const { start, end } of ical.expandRecurringEvent(event, always)) {
      lines.push(`I\t${seconds(start)}\t${seconds(end)}`);
    }
  }
  process.stdout.write(lines.join("\n") + "\n");
}
