import { expect, it } from "vitest";

import { cellsOf, narrowestOf, templateOf, visibleColumns, type Column } from "./columns";
import { neutralised, tableOf } from "./copy";
import { PLAIN_VIEW } from "./view";

type Row = { name: string; dated: string; open: string | null; why: string | null };
const text = (id: "name" | "dated" | "open", kind: Column<Row>["kind"]): Column<Row> => ({
  id,
  header: id,
  kind,
  width: 80,
  minWidth: 60,
  text: (row) => row[id],
});
const COLUMNS = [text("name", "text"), text("dated", "date"), text("open", "money")];
const ROWS: Row[] = [
  { name: "=SUM(A1)", dated: "2026-06-30", open: "-1234.50", why: null },
  { name: 'Say "hi",\tyou', dated: "2026-07-01", open: null, why: "@blocked" },
];
const why = (row: Row) => row.why;

it("copies plain numbers, ISO dates and text that is no formula", () => {
  expect(tableOf(COLUMNS, ROWS, why, { headers: "yes", format: "tsv" })).toBe(
    [
      "name\tdated\topen\tReason",
      "'=SUM(A1)\t2026-06-30\t-1234.50\t",
      'Say "hi", you\t2026-07-01\t\t\'@blocked',
    ].join("\n"),
  );
});

it("quotes for CSV and leaves the reasons out where there are none", () => {
  const table = tableOf(COLUMNS, ROWS, () => null, { headers: "no", format: "csv" });
  expect(table.split("\n")).toEqual([
    "'=SUM(A1),2026-06-30,-1234.50",
    '"Say ""hi"", you",2026-07-01,',
  ]);
});

it.each(["=1", "+1", "-1", "@a", "\ta"])("neutralises %j", (bad) => {
  expect(neutralised(bad)).toBe(`'${bad}`);
});

it("orders, hides, pins and sizes columns as the view says", () => {
  const view = {
    ...PLAIN_VIEW,
    order: ["open", "name"],
    hidden: ["dated"],
    pins: { name: "left" } as const,
    widths: { open: 120 },
  };
  const visible = visibleColumns(COLUMNS, view);
  expect(visible.map((column) => column.id)).toEqual(["name", "open"]);
  const growing = [{ ...text("name", "text"), grow: 1 }, text("open", "money")];
  expect(templateOf(growing, view)).toBe("minmax(78px, 1fr) 120px");
  expect(narrowestOf(growing, view)).toBe(206);
});

it("melts neighbours among the spanned columns only", () => {
  const spans = (ids: string[]) =>
    cellsOf(COLUMNS, ids).map((cell) => `${cell.column.id}:${cell.span}`);
  expect(spans(["dated", "open"])).toEqual(["name:1", "dated:2"]);
  expect(spans(["name", "open"])).toEqual(["name:1", "dated:1", "open:1"]);
});

it("puts headers above several cells and none above one", () => {
  const name = COLUMNS.slice(0, 1);
  const [row] = ROWS.slice(1);
  const copied = (rows: Row[]) =>
    tableOf(name, rows, () => null, { headers: "auto", format: "tsv" });
  expect(copied(row === undefined ? [] : [row])).not.toContain("name");
  expect(copied(ROWS).split("\n")[0]).toBe("name");
});
