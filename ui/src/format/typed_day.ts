const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const DAY_FIRST = /^(\d{1,2})\.?\s+([a-z]{3,9})\.?,?(?:\s+(\d{4}))?$/;
const MONTH_FIRST = /^([a-z]{3,9})\.?\s+(\d{1,2}),?(?:\s+(\d{4}))?$/;

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysIn(year: number, month: number): number {
  if (month === 2) {
    return isLeap(year) ? 29 : 28;
  }
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function monthNamed(word: string): number {
  const long = ["march", "april", "june", "july", "august", "september", "sept", "october"];
  const more = ["january", "february", "november", "december"];
  const known = word.length === 3 || [...long, ...more].includes(word);
  return known ? MONTHS.indexOf(word.slice(0, 3)) + 1 : 0;
}

function iso(year: number, month: number, date: number): string | null {
  if (month < 1 || month > 12 || date < 1 || date > daysIn(year, month)) {
    return null;
  }
  const two = (part: number) => String(part).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(date)}`;
}

/** "31 may", "May 31, 2025" or "2026-05-31" as ISO text; `null` when it is no day. */
export function typedDay(typed: string, year: number): string | null {
  const text = typed.trim().toLowerCase().replaceAll(/\s+/g, " ");
  const plain = ISO.exec(text);
  if (plain !== null) {
    return iso(Number(plain[1]), Number(plain[2]), Number(plain[3]));
  }
  const [, date, dayMonth, dayYear] = DAY_FIRST.exec(text) ?? [];
  if (date !== undefined && dayMonth !== undefined) {
    return iso(Number(dayYear ?? year), monthNamed(dayMonth), Number(date));
  }
  const [, month, monthDate, monthYear] = MONTH_FIRST.exec(text) ?? [];
  if (month !== undefined && monthDate !== undefined) {
    return iso(Number(monthYear ?? year), monthNamed(month), Number(monthDate));
  }
  return null;
}
