import type { ReactNode } from "react";

import styles from "./glyph.module.css";

// Every state has its own outline, so colour is never the only cue.
const DRAWINGS = {
  tick: (
    <>
      <path
        d="M2 6.6 4.8 9.3 10 3.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  ring: (
    <>
      <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  missing: (
    <>
      <path d="M6 1.6 11 10.4H1Z" fill="currentColor" />
    </>
  ),
  late: (
    <>
      <path
        d="M6 1.6 11 10.4H1Z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinejoin="round"
      />
    </>
  ),
  blocked: (
    <>
      <rect x="1.5" y="1.5" width="9" height="9" rx="1" fill="currentColor" />
      <path d="M3.8 6h4.4" stroke="var(--bg)" strokeWidth="1.7" />
    </>
  ),
  unknown: (
    <>
      <path d="M6 .9 11.1 6 6 11.1.9 6Z" fill="currentColor" />
      <path d="M6 3.4v3.1M6 8.1v.6" stroke="var(--bg)" strokeWidth="1.3" strokeLinecap="round" />
    </>
  ),
  part: (
    <>
      <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 1.8a4.2 4.2 0 0 1 0 8.4Z" fill="currentColor" />
    </>
  ),
  incomplete: (
    <>
      <rect
        x="1.7"
        y="1.7"
        width="8.6"
        height="8.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
      />
      <path d="M1.7 1.7v8.6h8.6Z" fill="currentColor" />
    </>
  ),
  excluded: (
    <>
      <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M3.2 8.8 8.8 3.2" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  ahead: (
    <>
      <path
        d="M2 2.4 5.6 6 2 9.6M6.2 2.4 9.8 6 6.2 9.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  twice: (
    <>
      <rect
        x="1.2"
        y="3.4"
        width="7"
        height="7"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
      />
      <path d="M3.9 1.4h6.7v6.7" fill="none" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  suspended: (
    <>
      <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M4.7 4v4M7.3 4v4" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  running: (
    <>
      <path
        d="M10.2 6A4.2 4.2 0 1 1 6 1.8"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
    </>
  ),
  disputed: (
    <>
      <path
        d="M2.6 11V1.4h7L7.6 4l2 2.6h-7"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinejoin="round"
      />
    </>
  ),
  dot: (
    <>
      <circle cx="6" cy="6" r="2.6" fill="currentColor" />
    </>
  ),
  arrived: (
    <>
      <path
        d="M6 1.6v6.6M3 5.6l3 3 3-3M1.8 10.8h8.4"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type GlyphName = keyof typeof DRAWINGS;

// The words of the program for the same shapes.
const SAME: Readonly<Record<string, GlyphName>> = {
  ok: "tick",
  agreed: "tick",
  agrees: "tick",
  complete: "tick",
  confirmed: "tick",
  paid: "tick",
  open: "ring",
  not_due: "ring",
  queued: "ring",
  half_disc: "part",
  part_paid: "part",
  overdue: "late",
  due: "missing",
  triangle: "missing",
  not_invoiced: "missing",
  unexplained: "missing",
  stop: "blocked",
  refused: "blocked",
  rejected: "blocked",
  failed: "blocked",
  square: "blocked",
  uncertain: "unknown",
  unsure: "unknown",
  diamond: "unknown",
  half: "incomplete",
  provisional: "incomplete",
  unproved: "incomplete",
  billed_twice: "twice",
  pause: "suspended",
  waits: "suspended",
  run: "running",
  retry: "running",
  arc: "running",
  flag: "disputed",
  won: "disputed",
};

export function glyphOf(name: string): GlyphName {
  return name in DRAWINGS ? (name as GlyphName) : (SAME[name] ?? "dot");
}

type Tone = "ok" | "warn" | "bad" | "unsure" | "soft";

const TONES: Partial<Record<GlyphName, Tone>> = {
  tick: "ok",
  missing: "warn",
  late: "warn",
  blocked: "bad",
  twice: "bad",
  unknown: "unsure",
  incomplete: "warn",
  suspended: "warn",
};

/** The colour that goes with a shape, where the program names none. */
export function toneOf(name: string): Tone {
  return TONES[glyphOf(name)] ?? "soft";
}

/** 12 px. Without a label the word must stand beside it. */
export function Glyph(props: { name: string; label?: string; tone?: Tone | "none" }) {
  const glyph = glyphOf(props.name);
  const tone = props.tone ?? toneOf(glyph);
  const classes = ["g", tone === "none" ? "" : tone, glyph === "running" ? styles.running : ""];
  const named = props.label === undefined;
  return (
    <svg
      className={classes.filter((one) => one !== "").join(" ")}
      viewBox="0 0 12 12"
      {...(named ? { "aria-hidden": true } : { role: "img", "aria-label": props.label })}
    >
      {DRAWINGS[glyph]}
    </svg>
  );
}

/** Status is shape, word and colour, always the three together. */
export function StatusWord(props: { glyph: string; word: ReactNode; tone?: Tone }) {
  const tone = props.tone ?? toneOf(props.glyph);
  return (
    <span className={`${styles.status} ${tone}`}>
      <Glyph name={props.glyph} tone="none" />
      <span>{props.word}</span>
    </span>
  );
}
