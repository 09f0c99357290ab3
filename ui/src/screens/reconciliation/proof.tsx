import { Fragment } from "react";

import type { ReconRow } from "../../api/types";
import { Button, IconButton } from "../../components/controls/button";
import { Menu, type MenuEntry } from "../../components/controls/menu";
import { Money, Total } from "../../components/money";
import { Phrase } from "../../components/phrase";
import styles from "./reconciliation.module.css";

/** "billed less": the label itself carries the sign of the next term. */
const endsWithLess = (term: { label: string } | undefined) => term?.label.endsWith("less") ?? false;

type ProofRowProps = {
  row: ReconRow;
  closed: string | null;
  onAccept: () => void;
  onReason: () => void;
  onNote: () => void;
  more: MenuEntry[];
  onMore: (id: string) => void;
};

/** The arithmetic of a proposal, and what a person may do with it. */
export function ProofRow({ row, closed, onAccept, onReason, onNote, more, onMore }: ProofRowProps) {
  const { proof, currency } = row;
  return (
    <div className={styles.proof}>
      <div className={styles.why}>
        {proof === null ? (
          <span>
            <b className="medium">{row.reason.word}.</b> {row.note}
          </span>
        ) : (
          <>
            <span className={styles.sentence}>
              <Phrase of={proof.sentence} />
            </span>
            <span className={styles.equation}>
              {proof.terms.map(({ amount, label }, at) => (
                <Fragment key={label}>
                  {at > 0 && !endsWithLess(proof.terms[at - 1]) && <i>less</i>}{" "}
                  <Money
                    amount={amount}
                    currency={currency}
                    quietZero={false}
                    className={styles.term}
                  />{" "}
                  {label}{" "}
                </Fragment>
              ))}
              <i>leaves</i>{" "}
              <Total
                amount={proof.leaves}
                currency={currency}
                proof={proof.proof}
                className={styles.leaves}
              />
            </span>
          </>
        )}
      </div>
      <div className={styles.acts}>
        {row.proposed !== null && (
          <Button kind="primary" keys="A" onPress={onAccept} closed={closed}>
            Accept
          </Button>
        )}
        <Button keys="R" onPress={onReason} closed={closed}>
          {row.proposed === null ? "Give a reason" : "Other reason"}
        </Button>
        <Button kind="quiet" keys="N" onPress={onNote} closed={closed}>
          Note
        </Button>
        <Menu
          trigger={<IconButton icon="dots" label="More decisions" />}
          label="More decisions"
          groups={[{ entries: more }]}
          onAction={onMore}
        />
      </div>
    </div>
  );
}
