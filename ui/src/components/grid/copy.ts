import type { Column } from "./columns";

/** Text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function neutralised(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

const flat = (text: string) => text.replace(/[\t\r\n]+/g, " ");

function valueOf<R>(column: Column<R>, row: R): string {
  const text = column.text(row) ?? "";
  // Amounts, counts and dates are values: plain decimal text and ISO dates, nothing to neutralise.
  const isValue = column.kind === "money" || column.kind === "count" || column.kind === "date";
  return isValue ? text : neutralised(flat(text));
}

/** `auto`: headers stand above several cells, not above one. */
export type CopyOptions = { headers: "yes" | "no" | "auto"; format: "tsv" | "csv" };

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Cells as a table for a spreadsheet. Reasons of spanned rows stand in a last column. */
export function tableOf<R>(
  columns: readonly Column<R>[],
  rows: readonly R[],
  reasonOf: (row: R) => string | null,
  { headers, format }: CopyOptions,
): string {
  const withReasons = rows.some((row) => reasonOf(row) !== null);
  const extra = (text: string) => (withReasons ? [text] : []);
  const head = [...columns.map((column) => flat(column.header)), ...extra("Reason")];
  const body = rows.map((row) => [
    ...columns.map((column) => valueOf(column, row)),
    ...extra(neutralised(flat(reasonOf(row) ?? ""))),
  ]);
  const several = rows.length > 1 || columns.length > 1;
  const table = headers === "yes" || (headers === "auto" && several) ? [head, ...body] : body;
  const written = (cells: string[]) =>
    format === "tsv" ? cells.join("\t") : cells.map(quoted).join(",");
  return table.map(written).join("\n");
}
