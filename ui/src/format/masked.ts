// Sentences that come whole from the program carry amounts as text. While amounts are hidden they
// are covered by a run of dots that has one length, whatever the amount.

const COVER = "•••••";
/** Digits with decimals, or whole digits before a currency code; no percentage, no version. */
const AMOUNT = /\(?[-−]?(?<![\d.,])\d[\d,]*(?:\.\d+(?!\.?\d|\s?%)|(?=\)? [A-Z]{3}\b))\)?/g;

/** The sentence with every amount in it covered. */
export function masked(sentence: string): string {
  return sentence.replaceAll(AMOUNT, COVER);
}
