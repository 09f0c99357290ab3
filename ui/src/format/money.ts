// Amounts are decimal text from the first byte to the last pixel. Nothing here turns one into a
// number: grouping, brackets and padding are work on characters.

export type NegativeStyle = "brackets" | "minus";
export type Separators = { group: string; decimal: string };
export type Figure = { text: string; sign: "positive" | "negative" | "zero" };

/** The minus of typography, as wide as a digit. */
export const MINUS = "\u2212";
const PLAIN: Separators = { group: ",", decimal: "." };
const GROUP_DIGITS = 3;
const CANONICAL = /^(-?)(\d+)(?:\.(\d+))?$/;

const DIGITS_OTHER_THAN_TWO: ReadonlyMap<string, number> = new Map([
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    .split(" ")
    .map((code): [string, number] => [code, 0]),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code): [string, number] => [code, 3]),
  ..."CLF UYW".split(" ").map((code): [string, number] => [code, 4]),
]);

/** Digits after the point, from the table of the finance contract. */
export function digitsOf(currency: string): number {
  return DIGITS_OTHER_THAN_TWO.get(currency) ?? 2;
}

function grouped(whole: string, separator: string): string {
  const first = whole.length % GROUP_DIGITS || GROUP_DIGITS;
  const parts = [whole.slice(0, first)];
  for (let at = first; at < whole.length; at += GROUP_DIGITS) {
    parts.push(whole.slice(at, at + GROUP_DIGITS));
  }
  return parts.join(separator);
}

/**
 * Text of an amount for the eye. Missing digits are filled up, further ones are kept: dropping a
 * digit would change the amount. Text that is no amount is shown as it came.
 */
export function figure(
  amount: string,
  currency: string,
  negative: NegativeStyle = "brackets",
  separators: Separators = PLAIN,
): Figure {
  const read = CANONICAL.exec(amount);
  if (read === null) return { text: amount, sign: "positive" };
  const [, minus = "", leading = "", given = ""] = read;
  const whole = leading.replace(/^0+(?=\d)/, "");
  const fraction = given.padEnd(digitsOf(currency), "0");
  const point = fraction === "" ? "" : separators.decimal;
  const magnitude = `${grouped(whole, separators.group)}${point}${fraction}`;
  if (/^0*$/.test(whole + fraction)) return { text: magnitude, sign: "zero" };
  if (minus === "") return { text: magnitude, sign: "positive" };
  const text = negative === "brackets" ? `(${magnitude})` : `${MINUS}${magnitude}`;
  return { text, sign: "negative" };
}

/** Reads what a person typed into a field: grouping out, digits filled up; null when unreadable. */
export function typedAmount(typed: string, currency: string): string | null {
  const bare = typed.trim().replaceAll(PLAIN.group, "").replace(MINUS, "-");
  const read = CANONICAL.exec(bare);
  if (read === null) return null;
  const [, minus = "", leading = "", given = ""] = read;
  const digits = digitsOf(currency);
  if (given.length > digits) return null;
  const whole = leading.replace(/^0+(?=\d)/, "");
  const fraction = given.padEnd(digits, "0");
  const sign = /^0*$/.test(whole + fraction) ? "" : minus;
  return fraction === "" ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/** A round limit without its digits: "250.00" is 250, "0.05" stays. */
export function withoutZeroDigits(amount: string): string {
  const { text } = figure(amount, "", "minus");
  return text.replace(/\.0+$/, "");
}
