import { useState } from "react";

import type { FailureView, ReconRow, ReconciliationView } from "../../api/types";
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

type ReasonDialogProps = {
  row: ReconRow;
  view: ReconciliationView;
  /** "note": only the note is asked for. */
  kind: "reason" | "note";
  onClose: () => void;
};

type Draft = { code: string | null; owner: string; note: string; target: string };
type FieldsProps = {
  draft: Draft;
  view: ReconciliationView;
  change: (change: Partial<Draft>) => void;
};

/** What makes a difference an explained one, besides the note. */
function ReasonFields({ draft, view, change }: FieldsProps) {
  return (
    <>
      <Select
        label="Reason"
        shown
        empty="Choose a reason"
        value={draft.code}
        onChange={(code) => change({ code })}
        options={view.reasons.map(({ code, label }) => ({ value: code, label }))}
      />
      <Select
        label="Owner"
        shown
        empty="Nobody yet"
        value={draft.owner === "" ? null : draft.owner}
        onChange={(owner) => change({ owner })}
        options={view.people.map((name) => ({ value: name, label: name }))}
      />
      <label className={styles.date}>
        <span>Target date</span>
        <input
          type="date"
          value={draft.target}
          onChange={(event) => change({ target: event.target.value })}
        />
      </label>
    </>
  );
}

const changed = (now: string, before: string) => (now === before ? null : now);

function useReasonDraft({ row, kind, onClose }: ReasonDialogProps) {
  const platform = usePlatform();
  const scope = useScope();
  const say = useToast();
  const [failure, setFailure] = useState<FailureView | null>(null);
  const [draft, setDraft] = useState<Draft>({
    code: null,
    owner: row.owner,
    note: row.note,
    target: row.target ?? "",
  });
  const closed = kind === "reason" && draft.code === null ? "Choose a reason first." : null;
  const save = () => {
    if (closed !== null) return;
    const { code, owner, note, target } = draft;
    platform
      .call("give_reason", {
        scope,
        opportunity: row.key,
        code,
        owner: changed(owner, row.owner),
        note: changed(note, row.note),
        target: changed(target, row.target ?? ""),
      })
      .then((receipt) => {
        say(receipt);
        onClose();
      }, setFailure);
  };
  const change = (some: Partial<Draft>) => setDraft((now) => ({ ...now, ...some }));
  return { draft, change, closed, save, failure };
}

/** A reason, its owner, its target and a note; only what was changed is sent. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { row, view, kind, onClose } = props;
  const { draft, change, closed, save, failure } = useReasonDraft(props);
  const isNote = kind === "note";
  const difference =
    row.difference === null ? null : <Money amount={row.difference} currency={row.currency} />;
  return (
    <Dialog
      open
      title={isNote ? "Note" : "Give a reason"}
      width={440}
      onClose={onClose}
      onConfirm={save}
      lead={
        <>
          {row.account}, {row.name}: {difference} {row.currency}
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
        {!isNote && <ReasonFields draft={draft} view={view} change={change} />}
        <TextField
          label="Note"
          shown
          lines={3}
          autoFocus={isNote}
          value={draft.note}
          onChange={(note) => change({ note })}
          width="100%"
        />
        {failure !== null && <Failed failure={failure} />}
      </div>
    </Dialog>
  );
}
