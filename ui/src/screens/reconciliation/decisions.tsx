import { useCallback, useState } from "react";

import type { FailureView, ReconRow, ReconciliationView } from "../../api/types";
import { command } from "../../commands/catalog";
import type { MenuEntry } from "../../components/controls/menu";
import { useCommands } from "../../commands/context";
import { useFailureToast, useToast } from "../../components/toast/toast";
import { useAct } from "../../frame/global_commands";
import { useClosed, useScope } from "../../frame/scope";
import { usePlatform } from "../../platform/context";
import { DecisionDialog, type Decision } from "../deals/decisions";
import { booksOf, crmOf, useOpenIn } from "../list/open_in";
import { ProofRow } from "./proof";
import { ReasonDialog } from "./reason_dialog";

type Asked = { kind: "reason" | "note"; row: ReconRow };

/** Decisions about the row that is unfolded: they happen at once and can be undone. */
export function useDecisions(row: ReconRow | undefined) {
  const platform = usePlatform();
  const scope = useScope();
  const act = useAct();
  const closed = useClosed();
  const open = useOpenIn();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [decision, setDecision] = useState<Decision | null>(null);
  const none =
    row === undefined
      ? "Choose a deal first."
      : row.decidable
        ? null
        : "There is nothing to decide.";
  const shut = closed ?? none;
  const accept = () => {
    if (row?.proposed == null) return;
    act(platform.call("accept_reason", { scope, opportunity: row.key, code: row.proposed }));
  };
  const ask = (kind: Asked["kind"]) => {
    if (row !== undefined) setAsked({ kind, row });
  };
  const decide = (kind: "exclude" | "link") => {
    if (row !== undefined) setDecision({ kind, opportunity: row.key, name: row.name });
  };
  const unlink = (document: string) => {
    if (row !== undefined) {
      setDecision({ kind: "unlink", opportunity: row.key, name: row.name, document });
    }
  };
  const proposes = row?.proposed == null ? "Nothing is proposed for this deal." : null;
  const here = row === undefined ? "Choose a deal first." : null;
  useCommands([
    command("record.accept", accept, { closed: shut ?? proposes }),
    {
      id: "record.reason",
      title: "Give another reason",
      group: "Record",
      keys: ["R"],
      closed: shut,
      run: () => ask("reason"),
    },
    command("record.note", () => ask("note"), { closed: shut }),
    command("record.link", () => decide("link"), { closed: closed ?? here }),
    command("deal.exclude", () => decide("exclude"), { closed: closed ?? here }),
    ...(row?.documents ?? []).map(({ document, number }) => ({
      id: `record.unlink.${document}`,
      title: `Unlink ${number}`,
      group: "Record" as const,
      closed,
      run: () => unlink(document),
    })),
    command("record.open_salesforce", () => open(crmOf(row?.links ?? [])), { closed: here }),
    command("record.open_books", () => open(booksOf(row?.links ?? [])), { closed: here }),
  ]);
  const choose = (id: string) => {
    if (id === "link" || id === "exclude") decide(id);
    else unlink(id);
  };
  return { closed, accept, ask, choose, asked, setAsked, decision, setDecision };
}

export function useOwnedFields() {
  const platform = usePlatform();
  const scope = useScope();
  const say = useToast();
  const sayFailure = useFailureToast();
  return useCallback(
    (row: ReconRow, change: { owner?: string; note?: string; target?: string }) => {
      const { owner = null, note = null, target = null } = change;
      platform
        .call("give_reason", { scope, opportunity: row.key, code: null, owner, note, target })
        .then(say, (failure: FailureView) => sayFailure(failure));
    },
    [platform, scope, say, sayFailure],
  );
}

/** Decisions that are rare enough for a menu. */
function rareOf({ documents }: ReconRow, shut: boolean): MenuEntry[] {
  return [
    { id: "link", label: "Link a document…", keys: "L", closed: shut },
    ...documents.map(({ document, number }) => ({
      id: document,
      label: `Unlink ${number}…`,
      closed: shut,
    })),
    { id: "exclude", label: "Exclude this deal…", closed: shut },
  ];
}

/** What unfolds below a row that waits for a decision, or that has one. */
export function useDetail(row: ReconRow | undefined, decisions: ReturnType<typeof useDecisions>) {
  const { closed, accept, ask, choose } = decisions;
  return {
    key: row?.decidable === true ? row.key : null,
    render: (one: ReconRow) => (
      <ProofRow
        row={one}
        closed={closed}
        onAccept={accept}
        onReason={() => ask("reason")}
        onNote={() => ask("note")}
        more={rareOf(one, closed !== null)}
        onMore={choose}
      />
    ),
  };
}

export function Dialogs({
  of,
  data,
}: {
  of: ReturnType<typeof useDecisions>;
  data: ReconciliationView | undefined;
}) {
  return (
    <>
      {of.asked !== null && data !== undefined && (
        <ReasonDialog {...of.asked} view={data} onClose={() => of.setAsked(null)} />
      )}
      {of.decision !== null && (
        <DecisionDialog decision={of.decision} onClose={() => of.setDecision(null)} />
      )}
    </>
  );
}
