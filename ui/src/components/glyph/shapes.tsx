import type { ReactNode } from "react";

const LINE = { fill: "none", stroke: "currentColor" } as const;
const ROUND = { ...LINE, strokeLinecap: "round", strokeLinejoin: "round" } as const;
/** The ground shows through marks inside a filled shape. */
const GROUND = "var(--bg)";

/** One outline per state on 12 x 12, so that colour is never the only cue. */
export const SHAPES = {
  tick: <path d="M2 6.6 4.8 9.3 10 3.2" {...ROUND} strokeWidth="1.7" />,
  ring: <circle cx="6" cy="6" r="4.2" {...LINE} strokeWidth="1.5" />,
  half_disc: (
    <>
      <circle cx="6" cy="6" r="4.2" {...LINE} strokeWidth="1.5" />
      <path d="M6 1.8a4.2 4.2 0 0 1 0 8.4Z" fill="currentColor" />
    </>
  ),
  triangle: <path d="M6 1.6 11 10.4H1Z" {...LINE} strokeWidth="1.4" strokeLinejoin="round" />,
  triangle_filled: <path d="M6 1.6 11 10.4H1Z" fill="currentColor" />,
  square_bar: (
    <>
      <rect x="1.5" y="1.5" width="9" height="9" rx="1" fill="currentColor" />
      <path d="M3.8 6h4.4" stroke={GROUND} strokeWidth="1.7" />
    </>
  ),
  diamond: (
    <>
      <path d="M6 .9 11.1 6 6 11.1.9 6Z" fill="currentColor" />
      <path d="M6 3.4v3.1M6 8.1v.6" stroke={GROUND} strokeWidth="1.3" strokeLinecap="round" />
    </>
  ),
  half_square: (
    <>
      <rect x="1.7" y="1.7" width="8.6" height="8.6" {...LINE} strokeWidth="1.4" />
      <path d="M1.7 1.7v8.6h8.6Z" fill="currentColor" />
    </>
  ),
  two_squares: (
    <>
      <rect x="1.2" y="3.4" width="7" height="7" {...LINE} strokeWidth="1.4" />
      <path d="M3.9 1.4h6.7v6.7" {...LINE} strokeWidth="1.4" />
    </>
  ),
  pause: (
    <>
      <circle cx="6" cy="6" r="4.6" {...LINE} strokeWidth="1.3" />
      <path d="M4.7 4v4M7.3 4v4" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  arc: <path d="M10.2 6A4.2 4.2 0 1 1 6 1.8" {...ROUND} strokeWidth="1.6" />,
  flag: (
    <path d="M2.6 11V1.4h7L7.6 4l2 2.6h-7" {...LINE} strokeWidth="1.4" strokeLinejoin="round" />
  ),
  crossed_ring: (
    <>
      <circle cx="6" cy="6" r="4.2" {...LINE} strokeWidth="1.4" />
      <path d="M3.2 8.8 8.8 3.2" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  chevrons: <path d="M2 2.4 5.6 6 2 9.6M6.2 2.4 9.8 6 6.2 9.6" {...ROUND} strokeWidth="1.5" />,
  dot: <circle cx="6" cy="6" r="2.6" fill="currentColor" />,
  arrow_in: <path d="M6 1.6v6.6M3 5.6l3 3 3-3M1.8 10.8h8.4" {...ROUND} strokeWidth="1.4" />,
} satisfies Record<string, ReactNode>;

export type GlyphName = keyof typeof SHAPES;

/** What each shape says when no word stands beside it. */
export const WORDS: Record<GlyphName, string> = {
  tick: "agrees",
  ring: "open",
  half_disc: "part paid",
  triangle: "late",
  triangle_filled: "missing",
  square_bar: "blocked",
  diamond: "unknown",
  half_square: "provisional",
  two_squares: "billed twice",
  pause: "suspended",
  arc: "running",
  flag: "disputed",
  crossed_ring: "excluded",
  chevrons: "ahead",
  dot: "explained",
  arrow_in: "received",
};

/** The names by meaning that replies use as well: "meaning shape". */
const BY_MEANING: ReadonlyMap<string, GlyphName> = new Map(
  `
    ok tick|agreed tick|agrees tick|complete tick|confirmed tick|paid tick|open ring|not_due ring
    queued ring|part half_disc|part_paid half_disc|late triangle|overdue triangle
    due triangle_filled
    missing triangle_filled|not_invoiced triangle_filled|unexplained triangle_filled
    filled_triangle triangle_filled|outlined_triangle triangle|stop square_bar|blocked square_bar
    refused square_bar|rejected square_bar|failed square_bar|square square_bar|unk diamond
    unknown diamond|uncertain diamond|unsure diamond|half half_square|incomplete half_square
    provisional half_square|unproved half_square|twice two_squares|billed_twice two_squares
    suspended pause|waits pause|run arc|running arc|retry arc|won flag|disputed flag
    excl crossed_ring|excluded crossed_ring|ahead chevrons|double_chevron chevrons|in arrow_in
    arrived arrow_in|explained dot
  `
    .trim()
    .split(/[|\n]/)
    .map((pair) => pair.trim().split(" ") as [string, GlyphName]),
);

/** A name nobody drew is a dot: a mark without a claim. */
export function glyphNamed(name: string): GlyphName {
  if (name in SHAPES) return name as GlyphName;
  return BY_MEANING.get(name) ?? "dot";
}
