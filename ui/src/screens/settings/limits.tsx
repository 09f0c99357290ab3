import type { LimitColumn, LimitsView } from "../../api/types";
import { useState } from "react";

import { Select, type Option } from "../../components/controls/choice";
import { TextField } from "../../components/controls/text_field";
import { Money } from "../../components/money";
import { NothingYet } from "../../components/states/states";
import { useClosed } from "../../frame/scope";
import { problemOf, shownOf, type Field } from "./limit-text";
import { SaveLimits, type Changes } from "./save-limits";
import styles from "./settings.module.css";

const FIELDS: readonly { id: Field; name: string; note?: string; unit?: string }[] = [
  {
    id: "flag_amount",
    name: "Flag a deal above",
    note: "the larger of an amount and a share of what is expected",
  },
  { id: "flag_percent", name: "or above this share", unit: "%" },
  { id: "rounding", name: "Rounding limit", note: "tagged, never a variance" },
  { id: "grace_days", name: "Grace before a missing invoice counts", unit: "d" },
  {
    id: "materiality",
    name: "Period materiality",
    note: "alerts when small differences add up to this",
  },
];

const AGING: readonly Option<LimitColumn["aging_basis"]>[] = [
  { value: "due_date", label: "Due date" },
  { value: "invoice_date", label: "Invoice date" },
];
const CREDIT: readonly Option<LimitColumn["credit_policy"]>[] = [
  { value: "separate", label: "In their own column" },
  { value: "by_own_date", label: "By their own date" },
  { value: "fifo", label: "Against the oldest invoice" },
];

type Drafts = Record<string, Changes>;

function Cell(props: {
  column: LimitColumn;
  field: (typeof FIELDS)[number];
  draft: Changes;
  closed: boolean;
  onChange: (changes: Changes) => void;
}) {
  const { column, field, draft } = props;
  const typed = draft[field.id];
  return (
    <TextField
      label={`${field.name}, ${column.label}`}
      numeric
      width={92}
      value={typed ?? shownOf(field.id, column)}
      closed={props.closed}
      error={typed === undefined ? null : problemOf(field.id, typed, column.currency)}
      onChange={(text) => props.onChange({ [field.id]: text })}
      unit={field.unit ?? ""}
    />
  );
}

function Choices(props: {
  columns: LimitColumn[];
  drafts: Drafts;
  closed: boolean;
  onChange: (ledger: string, changes: Changes) => void;
}) {
  const { columns, drafts, closed, onChange } = props;
  return (
    <>
      <tr>
        <th scope="row">
          Age invoices by<p>printed on every output</p>
        </th>
        {columns.map((column) => (
          <td key={column.ledger}>
            <Select
              label={`Age invoices by, ${column.label}`}
              options={AGING}
              value={drafts[column.ledger]?.aging_basis ?? column.aging_basis}
              closed={closed || column.closed !== null}
              onChange={(aging_basis) => onChange(column.ledger, { aging_basis })}
            />
          </td>
        ))}
      </tr>
      <tr>
        <th scope="row">
          Unapplied credits and cash<p>where they stand in the aging</p>
        </th>
        {columns.map((column) => (
          <td key={column.ledger}>
            <Select
              label={`Unapplied credits and cash, ${column.label}`}
              options={CREDIT}
              value={drafts[column.ledger]?.credit_policy ?? column.credit_policy}
              closed={closed || column.closed !== null}
              onChange={(credit_policy) => onChange(column.ledger, { credit_policy })}
            />
          </td>
        ))}
      </tr>
    </>
  );
}

function Effects({ columns }: { columns: LimitColumn[] }) {
  return (
    <tr>
      <th scope="row">
        Effect now<p>with the limits in force, net of what is flagged</p>
      </th>
      {columns.map((column) => (
        <td key={column.ledger} className={styles.effect}>
          {column.effect}
          <br />
          <Money amount={column.effect_net.amount} currency={column.effect_net.currency} />
          {column.closed === null ? null : <p>{column.closed}</p>}
        </td>
      ))}
    </tr>
  );
}

/** A limit decides what is flagged, never what is shown. Each company has its own. */
export function Limits({ view }: { view: LimitsView }) {
  const looking = useClosed();
  const [drafts, setDrafts] = useState<Drafts>({});
  const { columns } = view;
  const change = (ledger: string, changes: Changes) =>
    setDrafts((now) => ({ ...now, [ledger]: { ...now[ledger], ...changes } }));
  const drop = (ledger: string) => setDrafts(({ [ledger]: _, ...rest }) => rest);
  if (columns.length === 0) {
    return <NothingYet title="No limits yet">They are per company, once one was read.</NothingYet>;
  }
  return (
    <>
      <p className={`soft ${styles.lead}`}>{view.lead}</p>
      <table className={`t1 ${styles.limits}`}>
        <caption className="vh">Limits per company</caption>
        <thead>
          <tr>
            <th scope="col">Per company</th>
            {columns.map((column) => (
              <th scope="col" key={column.ledger}>
                {column.label}, {column.currency}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {FIELDS.map((field) => (
            <tr key={field.id}>
              <th scope="row">
                {field.name}
                {field.note === undefined ? null : <p>{field.note}</p>}
              </th>
              {columns.map((column) => (
                <td key={column.ledger}>
                  <Cell
                    column={column}
                    field={field}
                    draft={drafts[column.ledger] ?? {}}
                    closed={looking !== null || column.closed !== null}
                    onChange={(changes) => change(column.ledger, changes)}
                  />
                </td>
              ))}
            </tr>
          ))}
          <Choices columns={columns} drafts={drafts} closed={looking !== null} onChange={change} />
          <Effects columns={columns} />
        </tbody>
      </table>
      <p className={`small dim ${styles.always}`}>{view.always}</p>
      {columns.map((column) => (
        <SaveLimits
          key={column.ledger}
          column={column}
          draft={drafts[column.ledger] ?? {}}
          onDone={() => drop(column.ledger)}
        />
      ))}
    </>
  );
}
