import type { LimitColumn, SetLimits } from "../../api/types";
import { useState } from "react";

import { Button } from "../../components/controls/button";
import { TextField } from "../../components/controls/text_field";
import { Failed } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { useWrite } from "../../platform/reply";
import { canonicalOf, type Field } from "./limit-text";
import styles from "./settings.module.css";

export type Changes = SetLimits["changes"];

const FIELDS: readonly Field[] = [
  "flag_amount",
  "flag_percent",
  "rounding",
  "grace_days",
  "materiality",
];

/** What differs from what is stored; `null` while a text cannot be read. */
export function changesOf(column: LimitColumn, draft: Changes): Changes | null {
  const changes: Changes = {};
  for (const field of FIELDS) {
    const typed = draft[field];
    if (typed === undefined) continue;
    const text = canonicalOf(field, typed, column.currency);
    if (text === null) return null;
    if (text !== column[field]) changes[field] = text;
  }
  const { aging_basis, credit_policy } = draft;
  if (aging_basis !== undefined && aging_basis !== column.aging_basis) {
    changes.aging_basis = aging_basis;
  }
  if (credit_policy !== undefined && credit_policy !== column.credit_policy) {
    changes.credit_policy = credit_policy;
  }
  return changes;
}

/** Figures look different afterwards, so a reason is asked and kept. */
export function SaveLimits(props: { column: LimitColumn; draft: Changes; onDone: () => void }) {
  const { column, draft, onDone } = props;
  const say = useToast();
  const set = useWrite("set_limits");
  const [reason, setReason] = useState("");
  const changes = changesOf(column, draft);
  const count = changes === null ? 0 : Object.keys(changes).length;
  if (Object.keys(draft).length === 0 || (changes !== null && count === 0)) {
    return null;
  }
  const closed =
    changes === null
      ? "One of the limits cannot be read."
      : reason.trim() === ""
        ? "Give a reason first."
        : null;
  const save = () => {
    if (changes === null) return;
    set.mutate(
      { ledger: column.ledger, changes, reason: reason.trim() },
      {
        onSuccess: (receipt) => {
          say(receipt);
          setReason("");
          onDone();
        },
      },
    );
  };
  return (
    <div className={styles.save} role="group" aria-label={`Changes for ${column.label}`}>
      <span className="medium nowrap">
        {count === 1 ? "1 change" : `${count} changes`} for {column.label}
      </span>
      <TextField label="Reason" value={reason} onChange={setReason} placeholder="Why" width={240} />
      <Button kind="primary" closed={closed} onPress={save}>
        Change the limits
      </Button>
      <Button kind="quiet" onPress={onDone}>
        Discard
      </Button>
      {set.error === null ? null : <Failed failure={set.error} />}
    </div>
  );
}
