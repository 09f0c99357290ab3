import { useState } from "react";

import type { FailureView } from "../../api/types";
import { Button } from "../../components/controls/button";
import { Select } from "../../components/controls/choice";
import { Dialog } from "../../components/controls/dialog";
import { TextField } from "../../components/controls/text_field";
import { Money } from "../../components/money";
import { Failed } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { useScope } from "../../frame/scope";
import { usePlatform } from "../../platform/context";
import styles from "./reconciliation.module.css";
import type { ReconciliationView, ReconRow } from "./preview";

type ReasonDialogProps = {
  row: ReconRow;
  view: ReconciliationView;
  /** "note": only the note is asked for. */
  kind: "reason" | "note";
  onClose: () => void;
};

/** A reason, its owner, its target and a note: what makes a difference an explained one. */
export function ReasonDialog({ row, view, kind, onClose }: ReasonDialogProps) {
  const platform = usePlatform();
  const scope = useScope();
  const say = useToast();
  const [code, setCode] = useState<string | null>(null);
  const [owner, setOwner] = useState(row.owner);
  const [note, setNote] = useState(row.note);
  const [target, setTarget] = useState(row.target ?? "");
  const [failure, setFailure] = useState<FailureView | null>(null);
  const isNote = kind === "note";
  const closed = !isNote && code === null ? "Choose a reason first." : null;
  const changed = (now: string, before: string) => (now === before ? null : now);
  const save = () => {
    if (closed !== null) return;
    platform.call("give_reason", {
      scope, opportunity: row.key, code,
      owner: changed(owner, row.owner), note: changed(note, row.note),
      target: changed(target, row.target ?? ""),
    }).then((receipt) => {
      say(receipt);
      onClose();
    }, setFailure);
  };
  return (
    <Dialog
      open title={isNote ? "Note" : "Give a reason"} width={440} onClose={onClose} onConfirm={save}
      lead={
        <>
          {row.account}, {row.name}:{" "}
          {row.difference !== null && <Money amount={row.difference} currency={row.currency} />}{" "}
          {row.currency}
        </>
      }
      actions={
        <>
          <Button onPress={onClose}>Not now</Button>
          <Button kind="primary" onPress={save} closed={closed}>
            {isNote ? "Save note" : "Set this reason"}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        {!isNote && (
          <>
            <Select
              label="Reason" shown value={code} onChange={setCode}
              options={view.reasons.map((one) => ({ value: one.code, label: one.label }))}
            />
            <Select
              label="Owner" shown value={owner === "" ? null : owner} onChange={setOwner}
              options={view.people.map((name) => ({ value: name, label: name }))}
            />
            <label className={styles.date}>
              <span>Target date</span>
              <input type="date" value={target} onChange={(event) => setTarget(event.target.value)} />
            </label>
          </>
        )}
        <TextField label="Note" shown lines={3} autoFocus={isNote} value={note} onChange={setNote} width="100%" />
        {failure !== null && <Failed failure={failure} />}
      </div>
    </Dialog>
  );
}
