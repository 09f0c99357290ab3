import { useEffect, useRef } from "react";

import type { InvoiceProposal } from "../../api/types";
import { Button } from "../../components/controls/button";
import { Dialog } from "../../components/controls/dialog";
import { StatusWord } from "../../components/glyph";
import { Money, Total } from "../../components/money";
import { Skeleton } from "../../components/states/skeleton";
import { Failed } from "../../components/states/states";
import { day } from "../../format/dates";
import { useScope } from "../../frame/scope";
import { useWrite } from "../../platform/reply";
import styles from "./deals.module.css";

/** What will exist afterwards: customer, lines, dates, total, key. */
function Proposal({ of }: { of: InvoiceProposal }) {
  return (
    <>
      <dl className={styles.proposal}>
        <dt>Customer</dt>
        <dd>
          {of.customer} <span className="id dim">{of.customer_id}</span>
        </dd>
        <dt>For</dt>
        <dd>{of.purpose}</dd>
        <dt>Invoice date, due</dt>
        <dd>
          {day(of.dated)}, {day(of.due)}
        </dd>
        <dt>Lines</dt>
        <dd>
          {of.lines.map(({ item, amount }, at) => (
            <div key={`${item}${at}`}>
              <span className="id">{item}</span> <Money amount={amount} currency={of.currency} />
            </div>
          ))}
        </dd>
        <dt>Net</dt>
        <dd>
          <Money amount={of.net} currency={of.currency} quietZero={false} />
        </dd>
        <dt>{of.tax_label}</dt>
        <dd>
          {of.tax === null ? (
            <span className="soft">computed by the books</span>
          ) : (
            <Money amount={of.tax} currency={of.currency} quietZero={false} />
          )}
        </dd>
        <dt className="strong">Total</dt>
        <dd>
          <Total {...of.total} currency={of.currency} showCurrency className={styles.total} />
        </dd>
      </dl>
      {of.warnings.map(({ glyph, tone, text }) => (
        <p className={styles.warning} key={text}>
          <StatusWord glyph={glyph} tone={tone} word={text} />
        </p>
      ))}
    </>
  );
}

type CreateDialogProps = { opportunity: string; onClose: () => void };

/** Nothing leaves the computer before the second button, which says what it does. */
export function CreateDialog({ opportunity, onClose }: CreateDialogProps) {
  const { ledger } = useScope();
  const ask = useWrite("create_invoice");
  const send = useWrite("create_invoice");
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    ask.mutate({ opportunity, ledger, confirm: false });
  }, [ask, opportunity, ledger]);
  const proposal = ask.data?.proposal ?? null;
  const outcome = send.data?.outcome ?? ask.data?.outcome ?? null;
  const failure = ask.error ?? send.error;
  const confirm = () => {
    if (proposal === null || outcome !== null || send.isPending || failure !== null) return;
    send.mutate({ opportunity, ledger, confirm: true });
  };
  const isOver = outcome !== null || failure !== null;
  return (
    <Dialog
      open
      alert
      title={proposal?.title ?? "Create an invoice?"}
      lead={proposal?.body ?? ""}
      onClose={onClose}
      onConfirm={confirm}
      foot={<span className="id dim small">{proposal?.key ?? ""}</span>}
      actions={
        <>
          <Button onPress={onClose} autoFocus keys="Escape">
            {isOver ? "Close" : "Not now"}
          </Button>
          {proposal !== null && !isOver && (
            <Button
              kind="primary"
              keys="Mod+Enter"
              onPress={confirm}
              closed={send.isPending ? "It is being sent." : null}
            >
              {proposal.button}
            </Button>
          )}
        </>
      }
    >
      {ask.isPending && <Skeleton label="Preparing the invoice" widths={["70%", "80%", "60%"]} />}
      {failure !== null && <Failed failure={failure} />}
      {outcome === null && failure === null && proposal !== null && <Proposal of={proposal} />}
      {outcome !== null && (
        <p role="status" className={styles.outcome}>
          <StatusWord {...outcome.status} word={outcome.sentence} />
        </p>
      )}
    </Dialog>
  );
}
