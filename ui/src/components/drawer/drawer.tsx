import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import { IconButton } from "../controls/button";
import styles from "./drawer.module.css";

const STEP_PX = 16;
export const WIDTH_MIN = 320;
export const WIDTH_MAX = 720;

type DrawerProps = {
  /** "Account: Vantry Logistics, Inc." */
  label: string;
  /** "Account", "Deal". */
  kind: string;
  id: string;
  /** Counted from zero; null where the list does not show the record. */
  position: number | null;
  total: number;
  noun: string;
  width: number;
  onWidth: (width: number) => void;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
  /** The focus goes in: the drawer was opened with Enter, not previewed. */
  focusIn: boolean;
  head: ReactNode;
  children: ReactNode;
};

/** The edge is a separator: arrows move it, a drag as well. */
function Edge({ width, onWidth }: Pick<DrawerProps, "width" | "onWidth">) {
  const began = useRef<{ x: number; width: number } | null>(null);
  const set = (next: number) => onWidth(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, next)));
  return (
    <div
      className={styles.edge}
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the drawer"
      aria-valuenow={width}
      aria-valuemin={WIDTH_MIN}
      aria-valuemax={WIDTH_MAX}
      tabIndex={0}
      onKeyDown={(event) => {
        const by = { ArrowLeft: STEP_PX, ArrowRight: -STEP_PX }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        set(width + by);
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        began.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => {
        if (began.current !== null) set(began.current.width + began.current.x - event.clientX);
      }}
      onPointerUp={() => {
        began.current = null;
      }}
    />
  );
}

function typing(event: KeyboardEvent): boolean {
  return (event.target as Element).closest("input, textarea, select") !== null;
}

/** One record beside its list. J and K step through the list, Escape goes back to its cell. */
export function Drawer(props: DrawerProps) {
  const { position, total, noun, onStep, onClose, focusIn } = props;
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (focusIn) place.current?.focus();
  }, [focusIn, props.id]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (typing(event) || event.metaKey || event.ctrlKey || event.altKey) return;
    const step = { j: 1, J: 1, k: -1, K: -1 }[event.key] as 1 | -1 | undefined;
    if (step === undefined && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (step === undefined) onClose();
    else onStep(step);
  };
  return (
    <aside
      ref={place}
      className={styles.drawer}
      style={{ width: props.width }}
      tabIndex={-1}
      aria-label={props.label}
      onKeyDown={onKeyDown}
    >
      <Edge width={props.width} onWidth={props.onWidth} />
      <header className={styles.head}>
        <div className={styles.first}>
          <span>{props.kind}</span>
          <span className="id">{props.id}</span>
          <span className={styles.place}>
            {position === null ? "" : `${position + 1} of ${total}`}
          </span>
          <IconButton
            small
            icon="up"
            label={`Previous ${noun}`}
            keys="K"
            onPress={() => onStep(-1)}
          />
          <IconButton small icon="down" label={`Next ${noun}`} keys="J" onPress={() => onStep(1)} />
          <IconButton small icon="close" label="Close" keys="Escape" onPress={onClose} />
        </div>
        {props.head}
      </header>
      <div
        className={styles.body}
        tabIndex={0}
        role="region"
        aria-label={`${props.kind} in detail`}
      >
        {props.children}
      </div>
    </aside>
  );
}

export function DrawerTitle({ children }: { children: ReactNode }) {
  return <h2 className={styles.title}>{children}</h2>;
}

export function DrawerActions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}

type SectionProps = { title: ReactNode; more?: ReactNode; children: ReactNode };

export function DrawerSection({ title, more, children }: SectionProps) {
  return (
    <section className={styles.section}>
      <h3>
        {title}
        {more !== undefined && <span className={styles.more}>{more}</span>}
      </h3>
      {children}
    </section>
  );
}

/** The width lives with the window: it is kept per screen while the program runs. */
const widths = new Map<string, number>();

export function useDrawerWidth(screen: string, first: number): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => widths.get(screen) ?? first);
  return [
    width,
    (next) => {
      widths.set(screen, next);
      setWidth(next);
    },
  ];
}
