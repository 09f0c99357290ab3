import { Fragment } from "react";

import { figure } from "../../format/money";
import { useMask } from "../../frame/mask";
import { classes } from "../classes";
import { StatusWord } from "../glyph";
import { Money, useAmountsHidden, useNegativeStyle } from "../money";
import { Go } from "./go";
import styles from "./phrase.module.css";
import type { Amount, Fact, PhrasePart, Status as StatusView } from "../../api/types";

export { Go } from "./go";

function Part({ part }: { part: PhrasePart }) {
  const mask = useMask();
  if (part.kind === "text") {
    return <>{mask(part.text)}</>;
  }
  const shown =
    part.kind === "id" ? (
      <span className="id">{part.text}</span>
    ) : (
      <Figure amount={part.amount} tone={part.tone} />
    );
  return part.target === null ? shown : <Go target={part.target}>{shown}</Go>;
}

function Figure({ amount, tone }: { amount: Amount; tone: "plain" | "strong" | "gap" }) {
  return (
    <Money
      amount={amount.amount}
      currency={amount.currency}
      quietZero={false}
      className={classes(
        styles.figure,
        tone !== "plain" && styles.strong,
        tone === "gap" && "warn",
      )}
    />
  );
}

/** A sentence from Rust: its figures follow the display choices, its ids have their own face. */
export function Phrase({ of }: { of: PhrasePart[] }) {
  return of.map((part, at) => <Part part={part} key={at} />);
}

/** The sentence as plain text, for names of pictures. Hidden amounts are left out. */
export function usePhraseText(): (of: PhrasePart[]) => string {
  const hidden = useAmountsHidden();
  const negative = useNegativeStyle();
  return (of) =>
    of
      .map((part) => {
        if (part.kind !== "amount") return part.text;
        return hidden ? "…" : figure(part.amount.amount, part.amount.currency, negative).text;
      })
      .join("");
}

/** The text of one amount, for drawings that hold no elements. `null` while amounts are hidden. */
export function useFigureText(): (amount: Amount) => string | null {
  const hidden = useAmountsHidden();
  const negative = useNegativeStyle();
  return ({ amount, currency }) => (hidden ? null : figure(amount, currency, negative).text);
}

export function Status({ of }: { of: StatusView }) {
  return <StatusWord glyph={of.glyph} word={of.word} tone={of.tone} />;
}

/** Amounts of several currencies under each other; they are never added. */
export function Amounts({ of, empty = "" }: { of: Amount[]; empty?: string }) {
  if (of.length === 0) {
    return <span className="dim">{empty}</span>;
  }
  return of.map((one, at) => (
    <Fragment key={one.currency}>
      {at > 0 && <br />}
      <Money amount={one.amount} currency={one.currency} />
      <span className={classes("ccy", styles.ccy)}>{one.currency}</span>
    </Fragment>
  ));
}

/** Names and values in two columns. */
export function Facts({ of }: { of: Fact[] }) {
  return (
    <dl className={styles.facts}>
      {of.map((fact) => (
        <div key={fact.label}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
