// Calendar dates are ISO text, instants are ISO text with an offset. What is shown is cut out of
// that text; a date is never turned into an instant, which would move it by a time zone.

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const MONTHS_LONG =
  "January February March April May June July August September October November December".split(
    " ",
  );
const DAY = /^(\d{4})-(\d{2})-(\d{2})/;
const CLOCK = /T(\d{2}:\d{2})/;

/** "2026-07-06" is "6 Jul 2026". Text that is no date is shown as it came. */
export function day(iso: string): string {
  const read = DAY.exec(iso);
  if (read === null) return iso;
  const [, year, month, date] = read;
  return `${Number(date)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/** Without the year inside the fiscal year that starts at `yearStart` ("2026-01-01"). */
export function shortDay(iso: string, yearStart: string): string {
  const long = day(iso);
  const end = `${Number(yearStart.slice(0, 4)) + 1}${yearStart.slice(4)}`;
  const inside = iso >= yearStart && iso < end;
  return inside && DAY.test(iso) ? long.slice(0, long.lastIndexOf(" ")) : long;
}

/** "2026-06-30" is "June 2026". */
export function monthOf(iso: string): string {
  const read = DAY.exec(iso);
  return read === null ? iso : `${MONTHS_LONG[Number(read[2]) - 1] ?? ""} ${read[1]}`;
}

/** The clock of an instant as it was written down, in the zone it was written in: "09:30". */
export function clock(instant: string): string {
  return CLOCK.exec(instant)?.[1] ?? instant;
}

/** "6 Jul 09:30" */
export function dayAndClock(instant: string, yearStart: string): string {
  return `${shortDay(instant.slice(0, 10), yearStart)} ${clock(instant)}`;
}
