import type { ReactNode } from "react";

import { percentOf } from "../../frame/running";
import { Button } from "../controls/button";
import { Glyph } from "../glyph/glyph";
import styles from "./run_line.module.css";

export type RunLineProps = {
  name: string;
  /** "Jan 2024 to Oct 2025". */
  note?: string;
  /** "1,204 of 3,871 documents". */
  sentence: string;
  /** "about 6 min left"; empty before it can be said. */
  left?: string;
  done: number | null;
  of: number | null;
  /** What it does not affect, and what cancel keeps. */
  promise?: ReactNode;
  onCancel?: () => void;
};

/** A long run in one place: bar where the total is known, count alone where it is not. */
export function RunLine(props: RunLineProps) {
  const percent = percentOf(props);
  const { left = "" } = props;
  const spoken = left === "" ? props.sentence : `${props.sentence}, ${left}`;
  return (
    <div className={styles.run}>
      <div className={styles.line}>
        <span className={styles.name}>
          <Glyph name="arc" />
          <b>{props.name}</b>
          {props.note === undefined ? null : <span className="soft">{props.note}</span>}
        </span>
        {props.onCancel === undefined ? null : <Button onPress={props.onCancel}>Cancel</Button>}
      </div>
      {percent === null ? null : (
        <div
          className={styles.meter}
          role="progressbar"
          aria-label={props.name}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
          aria-valuetext={spoken}
        >
          <span style={{ width: `${percent}%` }} />
        </div>
      )}
      <div className={`${styles.line} small soft`}>
        <span>{props.sentence}</span>
        <span>{left}</span>
      </div>
      {props.promise === undefined ? null : <p className="small dim">{props.promise}</p>}
    </div>
  );
}
