import type { AccountRow, InvoiceRow, UnappliedRow } from "../../api/types";
import type { Column } from "../../components/grid";
import { Glyph, StatusWord } from "../../components/glyph";

type Amounts =
  | "not_due"
  | "days_1_30"
  | "days_31_60"
  | "days_61_90"
  | "days_over_90"
  | "unapplied"
  | "receivable";

function money(id: Amounts, header: string, width: number): Column<AccountRow> {
  return {
    id,
    header,
    kind: "money",
    width,
    minWidth: 64,
    text: (row) => row[id],
    currency: (row) => row.currency,
  };
}

export const ACCOUNT_COLUMNS: Column<AccountRow>[] = [
  {
    id: "name",
    header: "Account",
    kind: "text",
    width: 200,
    minWidth: 120,
    grow: 1,
    pin: "left",
    text: (row) => row.name,
    cell: ({ name, flag }) => (
      <>
        <span style={{ overflow: "hidden", textOverflow: "ellipsis" }} title={name}>
          {name}
        </span>
        {flag !== null && <Glyph name={flag.glyph} tone={flag.tone} label={flag.word} />}
      </>
    ),
  },
  money("not_due", "Not yet due", 86),
  money("days_1_30", "1–30", 88),
  money("days_31_60", "31–60", 80),
  money("days_61_90", "61–90", 80),
  money("days_over_90", "Over 90", 80),
  money("unapplied", "Unapplied", 91),
  { ...money("receivable", "Receivable", 96), strong: true },
];

export const INVOICE_COLUMNS: Column<InvoiceRow>[] = [
  {
    id: "number",
    header: "Invoice",
    kind: "ref",
    width: 86,
    minWidth: 70,
    pin: "left",
    text: (row) => row.number,
    cell: (row) => <span className="id">{row.number}</span>,
  },
  {
    id: "account",
    header: "Account",
    kind: "text",
    width: 180,
    minWidth: 110,
    grow: 1.2,
    text: (row) => row.account,
    footer: "count",
  },
  {
    id: "deal",
    header: "Deal",
    kind: "text",
    width: 160,
    minWidth: 90,
    grow: 1,
    text: (row) => row.deal,
    missing: () => "no deal",
  },
  { id: "dated", header: "Dated", kind: "date", width: 98, minWidth: 90, text: (row) => row.dated },
  { id: "due", header: "Due", kind: "date", width: 98, minWidth: 90, text: (row) => row.due },
  {
    id: "lateness",
    header: "Lateness",
    kind: "status",
    width: 104,
    minWidth: 90,
    filterable: false,
    text: (row) => row.lateness.word,
    cell: ({ lateness }) => (
      <StatusWord glyph={lateness.glyph} word={lateness.word} tone={lateness.tone} />
    ),
  },
  {
    id: "total",
    header: "Total",
    kind: "money",
    width: 92,
    minWidth: 70,
    text: (row) => row.total,
    currency: (row) => row.currency,
  },
  {
    id: "open",
    header: "Open",
    kind: "money",
    width: 92,
    minWidth: 70,
    strong: true,
    text: (row) => row.open,
    currency: (row) => row.currency,
  },
  {
    id: "currency",
    header: "Currency",
    quietHeader: true,
    kind: "currency",
    sortable: false,
    filterable: false,
    width: 42,
    minWidth: 40,
    text: (row) => row.currency,
    footer: "currency",
  },
];

export const UNAPPLIED_COLUMNS: Column<UnappliedRow>[] = [
  {
    id: "kind",
    header: "Kind",
    kind: "text",
    width: 84,
    minWidth: 70,
    pin: "left",
    text: (row) => row.kind,
  },
  {
    id: "number",
    header: "Number or reference",
    kind: "ref",
    width: 150,
    minWidth: 130,
    text: (row) => row.number,
    cell: (row) => <span className="id">{row.number}</span>,
  },
  {
    id: "account",
    header: "Account",
    kind: "text",
    width: 180,
    minWidth: 110,
    grow: 1.2,
    text: (row) => row.account,
    footer: "count",
  },
  {
    id: "note",
    header: "Note",
    kind: "text",
    width: 160,
    minWidth: 90,
    grow: 1,
    sortable: false,
    filterable: false,
    text: (row) => row.note,
  },
  { id: "dated", header: "Dated", kind: "date", width: 98, minWidth: 90, text: (row) => row.dated },
  {
    id: "total",
    header: "Total",
    kind: "money",
    width: 92,
    minWidth: 70,
    text: (row) => row.total,
    currency: (row) => row.currency,
  },
  {
    id: "unapplied",
    header: "Unapplied",
    kind: "money",
    width: 96,
    minWidth: 70,
    strong: true,
    text: (row) => row.unapplied,
    currency: (row) => row.currency,
  },
  {
    id: "currency",
    header: "Currency",
    quietHeader: true,
    kind: "currency",
    sortable: false,
    filterable: false,
    width: 42,
    minWidth: 40,
    text: (row) => row.currency,
    footer: "currency",
  },
];
