import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";

import { count } from "../../format/count";
import styles from "./tabs.module.css";

export type TabEntry<V extends string> = {
  value: V;
  label: string;
  count?: number | string | null;
};

type TabsProps<V extends string> = {
  label: string;
  tabs: readonly TabEntry<V>[];
  value: V;
  onChange: (value: V) => void;
  /** What the chosen view shows. A screen whose panel stands elsewhere leaves it away. */
  children?: ReactNode;
};

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowRight: (at, last) => (at === last ? 0 : at + 1),
  ArrowLeft: (at, last) => (at === 0 ? last : at - 1),
  Home: () => 0,
  End: (_, last) => last,
};

/** Moves the focus inside the list; says whether the key was one of its own. */
function moveFocus(list: HTMLElement | null, key: string): boolean {
  const all = [...(list?.querySelectorAll<HTMLElement>("[role=tab]") ?? [])];
  const at = all.findIndex((tab) => tab === document.activeElement);
  const step = STEPS[key];
  if (step === undefined || at === -1) {
    return false;
  }
  all[step(at, all.length - 1)]?.focus();
  return true;
}

/** Saved views under the title. One stop for Tab; arrows move, Enter or Space opens. */
export function Tabs<V extends string>(props: TabsProps<V>) {
  const { label, tabs, value, onChange, children } = props;
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const panel = children === undefined ? undefined : `${id}-panel`;
  const onKeyDown = (event: KeyboardEvent) => {
    if (moveFocus(list.current, event.key)) {
      event.preventDefault();
    }
  };
  const row = (
    <div ref={list} role="tablist" aria-label={label} className={styles.tabs} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.value}
          id={`${id}-${tab.value}`}
          type="button"
          role="tab"
          className={styles.tab}
          aria-selected={tab.value === value}
          aria-controls={tab.value === value ? panel : undefined}
          tabIndex={tab.value === value ? 0 : -1}
          onClick={() => (tab.value === value ? undefined : onChange(tab.value))}
        >
          {tab.label}
          {tab.count === undefined || tab.count === null ? null : (
            <span className={styles.count}>
              {" "}
              {typeof tab.count === "number" ? count(tab.count) : tab.count}
            </span>
          )}
        </button>
      ))}
    </div>
  );
  if (panel === undefined) {
    return row;
  }
  return (
    <div className={styles.whole}>
      {row}
      <div
        key={value}
        id={panel}
        role="tabpanel"
        aria-labelledby={`${id}-${value}`}
        className={styles.panel}
      >
        {children}
      </div>
    </div>
  );
}
