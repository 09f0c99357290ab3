import type { ReactNode } from "react";

import { classes } from "../classes";
import { glyphNamed, SHAPES, type GlyphName } from "./shapes";
import styles from "./glyph.module.css";

const TONES: Partial<Record<GlyphName, string>> = {
  tick: "ok",
  triangle: "warn",
  triangle_filled: "warn",
  half_square: "warn",
  pause: "warn",
  square_bar: "bad",
  two_squares: "bad",
  diamond: "unsure",
};

/** The colour that goes with a shape, where the program names none. */
export function toneOf(name: string): string {
  return TONES[glyphNamed(name)] ?? "soft";
}

type GlyphProps = {
  name: string;
  /** Read out instead of the shape. Leave it away where a word stands beside the glyph. */
  label?: string | undefined;
  /** "none" takes the colour of the text around. */
  tone?: string | undefined;
};

/** A status shape of 12 pixels. The arc is the only one that may move. */
export function Glyph({ name, label, tone }: GlyphProps) {
  const shape = glyphNamed(name);
  const colour = tone ?? toneOf(name);
  const said = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  const look = classes("g", colour !== "none" && colour, shape === "arc" && styles.arc);
  return (
    <svg className={look} viewBox="0 0 12 12" data-glyph={shape} {...said}>
      {SHAPES[shape]}
    </svg>
  );
}

type StatusWordProps = { glyph: string; word: ReactNode; tone?: string | undefined };

/** Shape, word and colour, always together. A status without a shape is a word. */
export function StatusWord({ glyph, word, tone }: StatusWordProps) {
  const colour = tone ?? toneOf(glyph);
  return (
    <span className={classes(styles.status, colour !== "none" && colour)}>
      {glyph !== "" && <Glyph name={glyph} tone="none" />}
      <span className={styles.word}>{word}</span>
    </span>
  );
}
export { glyphNamed as glyphOf } from "./shapes";
