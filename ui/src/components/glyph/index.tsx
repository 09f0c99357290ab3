import type { Status } from "../phrase/preview";
import { classes } from "../classes";
import { glyphNamed, SHAPES } from "./shapes";
import styles from "./glyph.module.css";

export { glyphNamed, SHAPES, WORDS, type GlyphName } from "./shapes";

type GlyphProps = {
  name: string;
  /** Read out instead of the shape. Leave it away where a word stands beside the glyph. */
  label?: string | undefined;
  tone?: string | undefined;
};

/** A status shape of 12 pixels. The arc is the only one that may move. */
export function Glyph({ name, label, tone }: GlyphProps) {
  const shape = glyphNamed(name);
  const said = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  const look = classes("g", tone, shape === "arc" && styles.arc);
  return (
    <svg className={look} viewBox="0 0 12 12" data-glyph={shape} {...said}>
      {SHAPES[shape]}
    </svg>
  );
}

/** Shape, word and colour, always together. */
export function StatusMark({ status, small }: { status: Status; small?: boolean }) {
  return (
    <span className={classes(styles.status, status.tone, small && "small")}>
      {status.glyph !== "" && <Glyph name={status.glyph} />}
      <span className={styles.word}>{status.word}</span>
    </span>
  );
}
