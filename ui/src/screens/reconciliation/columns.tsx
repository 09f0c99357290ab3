import type { ReconRow } from "../../api/types";
import type { Column } from "../../components/grid";
import { StatusWord } from "../../components/glyph";
import { shortDay } from "../../format/dates";
import styles from "./reconciliation.module.css";

type Amounts = "expected" | "billed" | "difference";

function money(id: Amounts, header: string, width: number): Column<ReconRow> {
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

export type Edits = {
  people: readonly string[];
  year: string;
  save: (row: ReconRow, change: { owner?: string; note?: string; target?: string }) => void;
};

const ours = (row: ReconRow, value: string) => (row.decidable ? value : null);

function ownedColumns({ people, year, save }: Edits): Column<ReconRow>[] {
  return [
    {
      id: "owner",
      header: "Owner",
      kind: "text",
      width: 66,
      minWidth: 60,
      text: (row) => row.owner,
      cell: (row) =>
        row.owner === "" && row.decidable ? (
          <span className="accent">assign</span>
        ) : (
          <span className={styles.soft}>{row.owner}</span>
        ),
      edit: {
        kind: "choice",
        choices: people,
        value: (row) => ours(row, row.owner),
        save: (row, owner) => save(row, { owner }),
      },
    },
    {
      id: "age_days",
      header: "Age",
      kind: "count",
      width: 40,
      minWidth: 40,
      text: (row) => (row.age_days === null ? null : String(row.age_days)),
      cell: (row) => row.age_days !== null && <span className="soft">{row.age_days} d</span>,
    },
    {
      id: "target",
      header: "Target",
      kind: "date",
      width: 56,
      minWidth: 54,
      text: (row) => row.target,
      cell: (row) =>
        row.target === null ? (
          row.decidable && <span className="dim">none</span>
        ) : (
          <span className="soft">{shortDay(row.target, year)}</span>
        ),
      edit: {
        kind: "date",
        value: (row) => ours(row, row.target ?? ""),
        save: (row, target) => save(row, { target }),
      },
    },
    {
      id: "note",
      header: "Note",
      kind: "text",
      sortable: false,
      filterable: false,
      width: 160,
      minWidth: 80,
      text: (row) => row.note,
      edit: {
        kind: "text",
        value: (row) => ours(row, row.note),
        save: (row, note) => save(row, { note }),
      },
    },
  ];
}

export function reconColumns(edits: Edits): Column<ReconRow>[] {
  return [
    {
      id: "account",
      header: "Account",
      kind: "text",
      width: 180,
      minWidth: 110,
      grow: 1.2,
      pin: "left",
      text: (row) => row.account,
    },
    {
      id: "name",
      header: "Deal",
      kind: "text",
      width: 150,
      minWidth: 92,
      grow: 1,
      text: (row) => row.name,
    },
    money("expected", "Expected", 83),
    money("billed", "Billed, net", 84),
    { ...money("difference", "Difference", 92), strong: true },
    {
      id: "currency",
      header: "Currency",
      quietHeader: true,
      kind: "currency",
      sortable: false,
      filterable: false,
      width: 36,
      minWidth: 36,
      text: (row) => row.currency,
      footer: "currency",
    },
    {
      id: "reason",
      header: "Reason",
      kind: "status",
      width: 146,
      minWidth: 110,
      text: (row) => row.reason.word,
      cell: ({ reason, proposed }) => (
        <>
          <StatusWord glyph={reason.glyph} word={reason.word} tone={reason.tone} />
          {proposed !== null && (
            <kbd className="k" aria-hidden="true">
              A
            </kbd>
          )}
        </>
      ),
    },
    ...ownedColumns(edits),
  ];
}

/** Out of sight until a person asks for it; N writes a note all the same. */
export const HIDDEN = ["note"];
