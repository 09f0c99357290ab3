import { useState } from "react";

import type { FailureView, Receipt } from "../../api/types";
import { Button } from "../../components/controls/button";
import { Dialog } from "../../components/controls/dialog";
import { TextField } from "../../components/controls/text_field";
import { Money } from "../../components/money";
import { Skeleton } from "../../components/states/skeleton";
import { Failed } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { shortDay } from "../../format/dates";
import { useScope, yearStart } from "../../frame/scope";
import { usePlatform } from "../../platform/context";
import { useReply } from "../../platform/reply";
import styles from "./deals.module.css";

export type Decision =
  | { kind: "exclude"; opportunity: string; name: string }
  | { kind: "link"; opportunity: string; name: string }
  | { kind: "unlink"; opportunity: string; name: string; document: string };

type DecisionDialogProps = { decision: Decision; onClose: () => void };

const TITLES: Record<Decision["kind"], string> = {
  exclude: "Exclude this deal?",
  link: "Link a document to this deal",
  unlink: "Unlink this document?",
};
const VERBS: Record<Decision["kind"], string> = {
  exclude: "Exclude this deal",
  link: "Link this document",
  unlink: "Unlink this document",
};
const LEADS: Record<Decision["kind"], string> = {
  exclude: "It leaves the population and is listed as excluded. It can be undone.",
  link: "Only the link is kept here. Nothing is written to the books.",
  unlink: "Both sides are as before. History keeps both events.",
};

type CandidatesProps = {
  opportunity: string;
  chosen: string | null;
  onChoose: (id: string) => void;
};

function Candidates({ opportunity, chosen, onChoose }: CandidatesProps) {
  const scope = useScope();
  const { data: app } = useReply("app_state", {});
  const { data, error } = useReply("link_candidates", { scope, opportunity });
  if (error !== null) return <Failed failure={error} />;
  if (data === undefined) return <Skeleton label="Looking for documents" widths={["90%", "80%"]} />;
  if (data.candidates.length === 0) {
    return <p className="soft">No document of this customer in this currency is free.</p>;
  }
  return (
    <fieldset className={styles.candidates}>
      <legend className="vh">Documents</legend>
      {data.candidates.map((one) => (
        <label key={one.document}>
          <input
            type="radio"
            name="document"
            checked={chosen === one.document}
            onChange={() => onChoose(one.document)}
          />
          <span className="id">{one.number}</span>
          <span className="soft">{shortDay(one.dated, yearStart(app))}</span>
          <span>
            {one.account}
            <small>{one.why}</small>
          </span>
          <Money amount={one.net} currency={one.currency} />
        </label>
      ))}
    </fieldset>
  );
}

/** A decision of a person about a deal: kept here, with its reason, and undoable. */
export function DecisionDialog({ decision, onClose }: DecisionDialogProps) {
  const platform = usePlatform();
  const scope = useScope();
  const say = useToast();
  const [reason, setReason] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [failure, setFailure] = useState<FailureView | null>(null);
  const { kind, opportunity } = decision;
  const document = kind === "unlink" ? decision.document : chosen;
  const closed =
    reason.trim() === ""
      ? "Give a reason first."
      : kind === "link" && document === null
        ? "Choose a document first."
        : null;
  const send = (): Promise<Receipt> => {
    if (kind === "exclude") return platform.call("exclude_deal", { scope, opportunity, reason });
    return platform.call(kind, { scope, opportunity, document: document ?? "", reason });
  };
  const decide = () => {
    if (closed !== null) return;
    send().then((receipt) => {
      say(receipt);
      onClose();
    }, setFailure);
  };
  return (
    <Dialog
      open
      title={TITLES[kind]}
      lead={LEADS[kind]}
      onClose={onClose}
      onConfirm={decide}
      actions={
        <>
          <Button onPress={onClose}>Not now</Button>
          <Button kind="primary" onPress={decide} closed={closed}>
            {VERBS[kind]}
          </Button>
        </>
      }
    >
      <p>
        {decision.name}
        {kind === "unlink" && (
          <>
            , <span className="id">{document}</span>
          </>
        )}
      </p>
      {kind === "link" && (
        <Candidates opportunity={opportunity} chosen={chosen} onChoose={setChosen} />
      )}
      <TextField
        label="Reason"
        shown
        autoFocus={kind !== "link"}
        value={reason}
        onChange={setReason}
        width="100%"
      />
      {failure !== null && <Failed failure={failure} />}
    </Dialog>
  );
}
