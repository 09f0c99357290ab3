import { useEffect, useRef, useState, type RefObject } from "react";

import type { Proof } from "../../api/types";
import { figure, type NegativeStyle } from "../../format/money";
import { classes } from "../classes";
import { useRootAttribute } from "./root_attribute";
import styles from "./money.module.css";

export { useRootAttribute } from "./root_attribute";

/** Attributes of the root element through which the frame hands down the display choices. */
export const HIDE_ATTRIBUTE = "data-hide-amounts";
export const NEGATIVE_ATTRIBUTE = "data-negative";

export function useNegativeStyle(): NegativeStyle {
  return useRootAttribute(NEGATIVE_ATTRIBUTE) === "minus" ? "minus" : "brackets";
}

export function useAmountsHidden(): boolean {
  const value = useRootAttribute(HIDE_ATTRIBUTE);
  return value !== null && value !== "false";
}

/** While Alt is held, the figure under the pointer or in the focused cell can be read. */
function useReveal(place: RefObject<HTMLElement | null>, hidden: boolean): boolean {
  const [revealed, setRevealed] = useState(false);
  useEffect(() => {
    if (!hidden) return;
    const onKey = (event: KeyboardEvent) => {
      const at = place.current;
      const cell = at?.closest("[data-cell]") ?? at;
      const here = cell?.matches(":hover, :focus, :focus-within") ?? false;
      setRevealed(event.altKey && here);
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("keyup", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("keyup", onKey);
      setRevealed(false);
    };
  }, [hidden, place]);
  return revealed;
}

type MoneyProps = {
  amount: string;
  currency: string;
  /** Zeros are set back in grids; totals keep their ink. */
  quietZero?: boolean;
  className?: string | undefined;
};

/** One amount: grouped, in brackets when negative, a bar of fixed width when amounts are hidden. */
export function Money({ amount, currency, quietZero = true, className }: MoneyProps) {
  const place = useRef<HTMLSpanElement>(null);
  const hidden = useAmountsHidden();
  const negative = useNegativeStyle();
  const revealed = useReveal(place, hidden);
  if (hidden && !revealed) {
    return (
      <span ref={place} className={classes(styles.n, className)} data-amount>
        <span className={styles.bar} role="img" aria-label="amount hidden" />
      </span>
    );
  }
  const { text, sign } = figure(amount, currency, negative);
  const bracket = sign === "negative" && negative === "brackets";
  const look = classes(styles.n, bracket && styles.neg, className);
  const quiet = sign === "zero" && quietZero && styles.zero;
  return (
    <span ref={place} className={classes(look, quiet)} data-amount>
      {text}
    </span>
  );
}

type TotalProps = {
  amount: string;
  currency: string;
  proof: Proof;
  showCurrency?: boolean;
  className?: string | undefined;
};

const RULES: Record<Proof, string | undefined> = {
  agreed: styles.agreed,
  unproved: styles.unproved,
  sum: undefined,
};

/** What the rule under a total says, for those who cannot see it. */
export const RULE_WORDS: Record<Proof, string> = {
  agreed: "agreed to its source",
  unproved: "not proved",
  sum: "",
};

/**
 * A figure under a total rule. The rule is a claim: double only where `proof` says that the sum
 * was re-added and agreed to its source, dashed where that could not be proved.
 */
export function Total({ amount, currency, proof, showCurrency, className }: TotalProps) {
  return (
    <span className={classes(styles.total, RULES[proof], className)} data-proof={proof}>
      {showCurrency === true && <span className="ccy">{currency} </span>}
      <Money amount={amount} currency={currency} quietZero={false} />
      {RULE_WORDS[proof] !== "" && <span className="vh"> {RULE_WORDS[proof]}</span>}
    </span>
  );
}

/** Tick marks such as [A][F], each the proof of one check that ran; `why` says with what. */
export function Marks({ marks, why = "" }: { marks: string[]; why?: string }) {
  if (marks.length === 0) return null;
  const letters = marks.map((mark) => mark.replace(/^\[|\]$/g, ""));
  const spelled = letters.map((letter) => MARK_WORDS.get(letter) ?? letter).join(", ");
  return (
    <span className="tick" title={why === "" ? spelled : `${spelled}: ${why}`}>
      {letters.map((letter) => `[${letter}]`).join("")}
    </span>
  );
}

const MARK_WORDS: ReadonlyMap<string, string> = new Map([
  ["A", "agreed to the accounting tool"],
  ["S", "agreed to Salesforce"],
  ["G", "agreed to the general ledger"],
  ["F", "footed"],
  ["X", "cross-footed"],
  ["R", "recomputed"],
  ["P", "agreed to the prior workpaper"],
  ["T", "traced to the document"],
  ["E", "explained"],
  ["!", "not proved"],
  ["M", "by a person"],
]);
