import type { BridgeStep, BridgeView, TrendPoint } from "../../api/types";
import type { Share } from "./preview";

/** A share is a whole number of thousandths of an axis, made in Rust: a position, no money. */
export function along(share: Share, length: number): number {
  return (Number(share) * length) / 1000;
}

/** Rounded to a tenth of a pixel, so that the picture is the same on every machine. */
function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

export interface BarPlace {
  step: BridgeStep;
  x: number;
  y: number;
  width: number;
  height: number;
  centre: number;
  /** Width of the area that answers to the pointer and shows the focus. */
  reach: number;
  /** Base line of the printed value. */
  value: number;
  /** Height and end of the connector to the next bar; `null` after the last one. */
  connector: { y: number; to: number } | null;
  label: string;
  note: string;
}

export interface BridgePlaces {
  height: number;
  /** Height of the zero line. */
  base: number;
  /** Lower end of the axis: the labels stand under it. */
  floor: number;
  bars: BarPlace[];
  bracket: { from: number; to: number; y: number; text: number } | null;
}

/** Below this many pixels per step the bars are thinner and long labels take two lines. */
const NARROW = 100;
const AXIS = 180;
/** Room over the axis, and the room that a bracket over the highest bars needs. */
const ROOM = 44;
const ROOM_BRACKET = 62;
const BRACKET = 28;
const LABELS = 52;
/** About how wide the signs of a printed amount are at 12 px, in tenths of a pixel. */
const DIGIT = 72;
const POINT = 36;
const BRACKET_SIGN = 45;
const GAP = 40;
const LINE = 13;
const REACH = 100;

/** Two words for two lines: "Outcome unknown", "1 deal" -> "Outcome" / "unknown, 1 deal". */
function twoLines(label: string, note: string): [string, string] {
  const space = label.indexOf(" ");
  if (label.length <= 13 || space < 0) {
    return [label, note];
  }
  const rest = label.slice(space + 1);
  return [label.slice(0, space), note === "" ? rest : `${rest}, ${note}`];
}

/** About how wide an amount is when it is printed, from its text. */
function printedWidth(amount: string): number {
  const digits = amount.replaceAll(/\D/g, "").length;
  const whole = (amount.split(".")[0] ?? "").replaceAll(/\D/g, "").length;
  const points = Math.floor((whole - 1) / 3) + (amount.includes(".") ? 1 : 0);
  const brackets = amount.startsWith("-") ? 2 : 0;
  return (digits * DIGIT + points * POINT + brackets * BRACKET_SIGN + GAP) / 10;
}

/** Lifts a value that would run into the one left of it. */
function lift(bars: BarPlace[]): void {
  bars.forEach((bar, at) => {
    const left = bars[at - 1];
    if (left === undefined) {
      return;
    }
    const room = (printedWidth(left.step.amount.amount) + printedWidth(bar.step.amount.amount)) / 2;
    const near = Math.abs(bar.value - left.value) < LINE;
    if (near && bar.centre - left.centre < room) {
      bar.value = tenth(left.value - LINE);
    }
  });
}

function bracketOf(view: BridgeView, bars: readonly BarPlace[]) {
  const first = bars.find((bar) => bar.step.id === view.bracket?.first);
  const last = bars.find((bar) => bar.step.id === view.bracket?.last);
  if (first === undefined || last === undefined) {
    return null;
  }
  return { from: first.x, to: tenth(last.x + last.width), y: BRACKET, text: BRACKET - 7 };
}

/** Whether a bar under the bracket reaches so high that its value would touch it. */
function bracketNeedsRoom(view: BridgeView): boolean {
  const { bracket, steps } = view;
  if (bracket === null) {
    return false;
  }
  const first = steps.findIndex((step) => step.id === bracket.first);
  const last = steps.findIndex((step) => step.id === bracket.last);
  return steps.slice(first, last + 1).some((step) => along(step.high, AXIS) > AXIS - LINE);
}

/** Lays the bridge out for a width in pixels. Fewer pixels per step never scale the text. */
export function bridgePlaces(view: BridgeView, width: number): BridgePlaces {
  const pitch = width / view.steps.length;
  const narrow = pitch < NARROW;
  const wide = Math.min(narrow ? 46 : 58, tenth(pitch * 0.6));
  const room = bracketNeedsRoom(view) ? ROOM_BRACKET : ROOM;
  const y = (share: Share) => tenth(room + AXIS - along(share, AXIS));
  const bars = view.steps.map((step, at): BarPlace => {
    const centre = tenth(pitch * at + pitch / 2);
    const x = tenth(centre - wide / 2);
    const top = y(step.high);
    const [label, note] = narrow ? twoLines(step.label, step.note) : [step.label, step.note];
    const more = at + 1 < view.steps.length;
    const height = Math.max(1.5, tenth(y(step.low) - top));
    const connector = more ? { y: y(step.level), to: tenth(x + pitch) } : null;
    const value = tenth(top - 7);
    const reach = tenth(Math.min(pitch - 4, REACH));
    const place = { x, y: top, width: wide, height, centre, reach, value };
    return { step, ...place, connector, label, note };
  });
  lift(bars);
  const height = room + AXIS + LABELS;
  return { height, base: y(view.zero), floor: room + AXIS, bars, bracket: bracketOf(view, bars) };
}

export interface TrendPlaces {
  /** One line per unbroken stretch. */
  lines: string[];
  best: string[];
  /** Columns of the month names. */
  xs: number[];
  last: { x: number; y: number | null; text: number; best: number | null; bestText: number } | null;
}

const TREND = { left: 12, right: 88, top: 14, axis: 44 };

function stretches(points: readonly (readonly [number, Share | null])[]): string[] {
  const lines: string[] = [];
  let line: string[] = [];
  const end = () => {
    if (line.length > 0) {
      lines.push(line.join(" "));
    }
    line = [];
  };
  for (const [x, share] of points) {
    if (share === null) {
      end();
    } else {
      line.push(`${x},${trendHeight(share)}`);
    }
  }
  end();
  return lines;
}

function trendHeight(share: Share): number {
  return tenth(TREND.top + TREND.axis - along(share, TREND.axis));
}

/** The two last values, moved apart where they would cover each other. */
function lastOf(x: number, point: TrendPoint | undefined): TrendPlaces["last"] {
  if (point === undefined) {
    return null;
  }
  const y = point.share === null ? null : trendHeight(point.share);
  const best = point.best_share === null ? null : trendHeight(point.best_share);
  let text = (y ?? 0) + 4;
  let bestText = (best ?? 0) + 4;
  if (y !== null && best !== null && Math.abs(y - best) < LINE) {
    const middle = (text + bestText) / 2;
    text = tenth(middle - LINE / 2);
    bestText = tenth(middle + LINE / 2);
  }
  return { x, y, text, best, bestText };
}

export function trendPlaces(points: readonly TrendPoint[], width: number): TrendPlaces {
  const gaps = Math.max(1, points.length - 1);
  const pitch = (width - TREND.left - TREND.right) / gaps;
  const xs = points.map((_, at) => tenth(TREND.left + at * pitch));
  const pairs = (of: (point: TrendPoint) => Share | null) =>
    points.map((point, at) => [xs[at] ?? 0, of(point)] as const);
  return {
    lines: stretches(pairs((point) => point.share)),
    best: stretches(pairs((point) => point.best_share)),
    xs,
    last: lastOf(xs[xs.length - 1] ?? 0, points[points.length - 1]),
  };
}
