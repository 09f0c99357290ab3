import type { BridgeStep, BridgeView } from "../../api/types";
import { useId, useRef } from "react";

import { classes } from "../classes";
import { SHAPES, type GlyphName } from "../glyph";
import { Money } from "../money";
import { Go, useFigureText, usePhraseText } from "../phrase";
import { bridgePlaces, type BarPlace, type BridgePlaces } from "./geometry";
import { Swap } from "./swap";
import { useWidth } from "./use-width";
import styles from "./charts.module.css";

/** Width that is drawn before the place is measured: the content of a window of 1440. */
const FIRST_WIDTH = 1164;
/** Pixels that the label of a step needs. */
const STEP_WIDTH = 72;
/** A bar lower than this has no room for its glyph. */
const GLYPH_ROOM = 14;

type Uncertain = "missing" | "blocked" | "unknown";
const TONES: Record<Uncertain, string> = { missing: "warn", blocked: "bad", unknown: "unsure" };
const GLYPHS: Record<Uncertain, GlyphName> = {
  missing: "triangle_filled",
  blocked: "square_bar",
  unknown: "diamond",
};

function uncertain(kind: BridgeStep["kind"]): Uncertain | null {
  return kind === "total" || kind === "step" ? null : kind;
}

function Hatches({ id }: { id: string }) {
  return (
    <defs>
      {Object.entries(TONES).map(([kind, tone]) => (
        <pattern
          key={kind}
          id={`${id}${kind}`}
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="5" height="5" fill={`var(--${tone}-bg)`} />
          <path d="M0 0V5" stroke={`var(--${tone})`} strokeWidth="1.1" />
        </pattern>
      ))}
    </defs>
  );
}

function BarGlyph({ bar, kind }: { bar: BarPlace; kind: Uncertain }) {
  if (bar.height < GLYPH_ROOM) {
    return null;
  }
  const at = { x: bar.centre - 6, y: bar.y + bar.height / 2 - 6, width: 12, height: 12 };
  return (
    <svg {...at} viewBox="0 0 12 12" className={TONES[kind]}>
      {SHAPES[GLYPHS[kind]]}
    </svg>
  );
}

function Value({ bar, text }: { bar: BarPlace; text: string | null }) {
  const strong = bar.step.kind === "total" && styles.strong;
  if (text === null) {
    return (
      <rect
        className={styles.hidden}
        x={bar.centre - 26}
        y={bar.value - 9}
        width="52"
        height="10"
      />
    );
  }
  return (
    <text x={bar.centre} y={bar.value} className={classes(styles.value, strong)}>
      {text}
    </text>
  );
}

/** What stands in one column: bar, label, value. All of it is the link, and its name. */
function Mark(props: { bar: BarPlace; floor: number; hatch: string; text: string | null }) {
  const { bar, floor, hatch, text } = props;
  const kind = uncertain(bar.step.kind);
  const plain = bar.step.kind === "total" ? "var(--bar-total)" : "var(--bar-step)";
  const area = { x: bar.x, y: bar.y, width: bar.width, height: bar.height };
  return (
    <>
      <rect
        className={styles.catch}
        x={bar.centre - bar.reach / 2}
        y={bar.value - 14}
        width={bar.reach}
        height={floor + 54 - bar.value}
      />
      {kind === null ? (
        <rect {...area} fill={plain} />
      ) : (
        <rect {...area} fill={`url(#${hatch}${kind})`} stroke={`var(--${TONES[kind]})`} />
      )}
      {kind === null ? null : <BarGlyph bar={bar} kind={kind} />}
      <text
        x={bar.centre}
        y={floor + 18}
        className={classes(styles.label, bar.step.kind === "total" && styles.strong)}
      >
        {bar.label}
      </text>{" "}
      <text x={bar.centre} y={floor + 33} className={styles.note}>
        {bar.note}
      </text>{" "}
      <Value bar={bar} text={text} />
    </>
  );
}

function Bracket({ of, text }: { of: NonNullable<BridgePlaces["bracket"]>; text: string }) {
  return (
    <>
      <path d={`M${of.from} ${of.y + 6}v-6H${of.to}v6`} fill="none" stroke="var(--ink-3)" />
      <text x={(of.from + of.to) / 2} y={of.text} className={styles.label}>
        {text}
      </text>
    </>
  );
}

function Picture({ view }: { view: BridgeView }) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, FIRST_WIDTH);
  const id = useId();
  const figureText = useFigureText();
  const phraseText = usePhraseText();
  const { height, base, floor, bars, bracket } = bridgePlaces(view, width);
  return (
    <div ref={place}>
      <svg width={width} height={height} role="group" aria-labelledby={`${id}title`}>
        <title id={`${id}title`}>{view.title}</title>
        <Hatches id={id} />
        <path d={`M0 ${base + 0.5}H${width}`} stroke="var(--rule-2)" />
        {bars.map((bar) => {
          const text = figureText(bar.step.amount);
          const mark = <Mark bar={bar} floor={floor} hatch={id} text={text} />;
          return bar.step.target === null ? (
            <g key={bar.step.id}>{mark}</g>
          ) : (
            <Go key={bar.step.id} target={bar.step.target} className={styles.mark}>
              {mark}
            </Go>
          );
        })}
        {bars.map((bar) =>
          bar.connector === null ? null : (
            <path
              key={bar.step.id}
              className={styles.connector}
              d={`M${bar.x + bar.width} ${bar.connector.y}H${bar.connector.to}`}
            />
          ),
        )}
        {bracket === null || view.bracket === null ? null : (
          <Bracket of={bracket} text={phraseText(view.bracket.sentence)} />
        )}
      </svg>
    </div>
  );
}

function Figures({ view, hidden }: { view: BridgeView; hidden: boolean }) {
  return (
    <div className={hidden ? "vh" : undefined}>
      <table className={classes("t1", styles.figures)}>
        <caption className="vh">
          {view.title}, {view.currency}
        </caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Of</th>
            <th scope="col" className="r">
              {view.currency}
            </th>
          </tr>
        </thead>
        <tbody>
          {view.steps.map((step) => (
            <tr key={step.id}>
              <th scope="row" className={step.kind === "total" ? "strong" : undefined}>
                {hidden || step.target === null ? (
                  step.label
                ) : (
                  <Go target={step.target}>{step.label}</Go>
                )}
              </th>
              <td>{step.note}</td>
              <td className={classes("r", step.kind === "total" && "strong")}>
                <Money amount={step.amount.amount} currency={step.amount.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** From what was sold to what is owed, one axis from zero. */
export function Bridge(props: {
  id: string;
  name: string;
  view: BridgeView;
  main?: boolean;
  className?: string;
}) {
  const { view } = props;
  return (
    <Swap
      id={props.id}
      name={props.name}
      main={props.main ?? false}
      className={props.className}
      minWidth={view.steps.length * STEP_WIDTH}
      picture={<Picture view={view} />}
      table={(hidden) => <Figures view={view} hidden={hidden} />}
    />
  );
}
