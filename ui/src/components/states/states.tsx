import type { ReactNode } from "react";

import type { FailureView, ReadingView } from "../../api/types";
import { Button } from "../controls/button";
import { useMask } from "../../frame/mask";
import { Glyph } from "../glyph/glyph";
import { Icon } from "../icon/icon";
import { CopyReference } from "./copy_reference";
import styles from "./states.module.css";

function Empty(props: { title: ReactNode; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.title}>{props.title}</p>
      {props.children === undefined ? null : <p className={styles.text}>{props.children}</p>}
      {props.actions === undefined ? null : <div className={styles.actions}>{props.actions}</div>}
    </div>
  );
}

/** Nothing was ever read: what fills the list, how long it takes, one button. */
export function NothingYet(props: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <Empty title={props.title} actions={props.action}>
      {props.children}
    </Empty>
  );
}

/** An empty list that is good news says so, with its proof. */
export function NothingDue(props: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <Empty
      title={
        <>
          <Glyph name="tick" /> {props.title}
        </>
      }
      actions={props.action}
    >
      {props.children}
    </Empty>
  );
}

export type NamedFilter = { id: string; label: string };

/** Filters by name, each removable, and how many records they hide. */
export function NothingMatches(props: {
  title: string;
  hidden: string;
  filters: NamedFilter[];
  onRemove: (id: string) => void;
  onClear: () => void;
}) {
  return (
    <div className={styles.empty}>
      <p className={styles.title}>{props.title}</p>
      <p className={styles.text}>{props.hidden}</p>
      <div className={styles.actions}>
        {props.filters.map((filter) => (
          <span className={styles.chip} key={filter.id}>
            {filter.label}
            <button
              type="button"
              aria-label={`Remove ${filter.label}`}
              onClick={() => props.onRemove(filter.id)}
            >
              <Icon name="close" />
            </button>
          </span>
        ))}
        <Button kind="quiet" onPress={props.onClear}>
          Clear all
        </Button>
      </div>
    </div>
  );
}

/** What broke, what it means, one next step, and what support needs to know. */
export function Failed(props: { failure: FailureView; action?: ReactNode; onRetry?: () => void }) {
  const { failure, onRetry } = props;
  const mask = useMask();
  return (
    <div className={styles.empty} role="alert">
      <p className={styles.title}>
        <Glyph name="blocked" /> {failure.title}
      </p>
      <p className={styles.text}>{mask(failure.detail)}</p>
      {failure.next_step === "" ? null : <p className={styles.text}>{failure.next_step}</p>}
      <div className={styles.actions}>
        {props.action}
        {onRetry === undefined ? null : <Button onPress={() => onRetry()}>Try again</Button>}
      </div>
      <CopyReference code={failure.code} reference={failure.reference} />
    </div>
  );
}

export type NoticeTone = "warn" | "bad" | "unsure" | "mute";

/** A line at the top of a screen for a state of the whole screen. */
export function Notice(props: {
  tone: NoticeTone;
  glyph: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={`${styles.notice} ${styles[props.tone]}`} role="status">
      <Glyph name={props.glyph} />
      <div>{props.children}</div>
      {props.action === undefined ? null : <div className={styles.end}>{props.action}</div>}
    </div>
  );
}

/** Rows are shown, but something was not read; totals lose their double rule. */
export function Incomplete(props: { reading: ReadingView; action?: ReactNode }) {
  const { complete, gaps } = props.reading;
  const mask = useMask();
  if (complete) {
    return null;
  }
  return (
    <Notice tone="warn" glyph="incomplete" action={props.action}>
      {gaps.map((gap) => (
        <p key={gap.what}>
          <b className="medium">{mask(gap.what)}</b> {mask(gap.remedy)}
        </p>
      ))}
      {gaps.length === 0 ? <b className="medium">Something was not read.</b> : null}
    </Notice>
  );
}
