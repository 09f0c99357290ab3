import type { DealGridRow, DealsTab } from "../../api/types";
import type { Column, RowSpan } from "../../components/grid";
import { Glyph } from "../../components/glyph";

type Amounts = "not_invoiced" | "not_due" | "part_paid" | "overdue" | "contract";

function money(id: Amounts, header: string, width: number): Column<DealGridRow> {
  return {
    id,
    header,
    kind: "money",
    width,
    minWidth: 64,
    text: (row) => row[id],
    currency: (row) => row.currency,
    missing: () => "not known",
  };
}

const NET = "Net of tax; never added to the other three, which include it";

const ALL: Column<DealGridRow>[] = [
  {
    id: "account",
    header: "Account",
    kind: "text",
    width: 180,
    minWidth: 110,
    grow: 1.25,
    pin: "left",
    text: (row) => row.account,
  },
  {
    id: "name",
    header: "Deal",
    kind: "text",
    width: 170,
    minWidth: 104,
    grow: 1,
    text: (row) => row.name,
    footer: "count",
    cell: ({ name, disputed }) => (
      <>
        <span style={{ overflow: "hidden", textOverflow: "ellipsis" }} title={name}>
          {name}
        </span>
        {disputed && <Glyph name="flag" tone="soft" label="disputed" />}
      </>
    ),
  },
  {
    id: "reference",
    header: "Reference",
    kind: "ref",
    width: 80,
    minWidth: 70,
    text: (row) => row.reference,
    cell: (row) => <span className="id">{row.reference}</span>,
  },
  {
    id: "closed",
    header: "Closed",
    kind: "date",
    width: 92,
    minWidth: 84,
    text: (row) => row.closed,
  },
  {
    id: "age_days",
    header: "Age",
    kind: "count",
    width: 44,
    minWidth: 40,
    text: (row) => String(row.age_days),
    cell: (row) => <span className="soft">{row.age_days} d</span>,
  },
  money("contract", "Contract", 92),
  { ...money("not_invoiced", "Uninvoiced, net", 88), hint: NET },
  money("not_due", "Not due", 86),
  money("part_paid", "Part-paid rest", 86),
  money("overdue", "Overdue", 88),
  {
    id: "currency",
    header: "Currency",
    quietHeader: true,
    kind: "currency",
    sortable: false,
    filterable: false,
    width: 40,
    minWidth: 40,
    text: (row) => row.currency,
    footer: "currency",
  },
];

export const DEAL_COLUMNS = ALL;

/** What a view leaves out until a person asks for it. */
export const HIDDEN: Record<DealsTab, string[]> = {
  unpaid: ["reference", "closed", "contract"],
  not_invoiced: ["reference", "closed", "contract"],
  leakage: ["reference", "closed", "contract"],
  blocked: ["reference", "closed", "contract"],
  all: ["reference", "closed"],
  excluded: ["age_days", "not_due", "part_paid", "overdue"],
};

/** A deal without an invoice says why in the place of the three invoice columns. */
export const WHY: RowSpan<DealGridRow> = {
  columns: ["not_due", "part_paid", "overdue"],
  text: (row) => row.why,
  full: (row) => row.why_in_full,
};
