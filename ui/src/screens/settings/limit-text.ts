import type { LimitColumn } from "../../api/types";
import { figure, typedAmount } from "../../format/money";

export type Field = "flag_amount" | "flag_percent" | "rounding" | "grace_days" | "materiality";

const PERCENT = /^\d{1,3}(\.\d{1,4})?$/;
const DAYS = /^\d{1,3}$/;
const AMOUNTS: readonly Field[] = ["flag_amount", "rounding", "materiality"];

/** What stands in the field while nobody typed: amounts grouped as everywhere. */
export function shownOf(field: Field, column: LimitColumn): string {
  const stored = column[field];
  return AMOUNTS.includes(field) ? figure(stored, column.currency, "minus").text : stored;
}

/** The text that is sent; `null` when it cannot be read. */
export function canonicalOf(field: Field, typed: string, currency: string): string | null {
  const text = typed.trim();
  if (AMOUNTS.includes(field)) {
    const amount = typedAmount(text, currency);
    return amount === null || amount.startsWith("-") ? null : amount;
  }
  const form = field === "grace_days" ? DAYS : PERCENT;
  return form.test(text) ? text : null;
}

/** Why the text is no limit, in words. */
export function problemOf(field: Field, typed: string, currency: string): string | null {
  if (canonicalOf(field, typed, currency) !== null) {
    return null;
  }
  if (AMOUNTS.includes(field)) return `No amount in ${currency}.`;
  return field === "grace_days" ? "Whole days only." : "A share such as 0.50.";
}
