import type { BridgeStep, BridgeView, TrendPoint } from "../../api/types";
import { expect, test } from "vitest";

import { along, bridgePlaces, trendPlaces } from "./geometry";

function step(id: string, low: string, high: string, level: string, more = {}): BridgeStep {
  const amount = { amount: "1000.00", currency: "USD" };
  const label = "Outcome unknown";
  return {
    id,
    label,
    note: "1 deal",
    kind: "step",
    amount,
    low,
    high,
    level,
    target: null,
    ...more,
  };
}

function bridge(steps: BridgeStep[], bracket: BridgeView["bracket"] = null): BridgeView {
  return { title: "Bridge", currency: "USD", zero: "0", steps, bracket };
}

const THREE = [
  step("won", "0", "1000", "1000"),
  step("later", "797", "1000", "797"),
  step("left", "0", "797", "797"),
];

test("a share is a part of the axis", () => {
  expect(along("500", 196)).toBe(98);
  expect(along("0", 196)).toBe(0);
});

test("a bar stands on its lower edge and the connector leaves at the level after it", () => {
  const { bars, base } = bridgePlaces(bridge(THREE), 1164);
  const [won, later, left] = bars;
  expect([won?.y, won?.height, base]).toEqual([44, 180, 224]);
  expect(won?.connector).toEqual({ y: 44, to: later?.x });
  expect(later?.y).toBe(44);
  expect(later?.connector?.y).toBe(left?.y);
  expect(left?.connector).toBeNull();
});

test("a step that is too small to see is still drawn", () => {
  expect(bridgePlaces(bridge([step("tax", "500", "500", "500")]), 500).bars[0]?.height).toBe(1.5);
});

test("a negative level stands under the zero line", () => {
  const view = { ...bridge([step("owed", "0", "100", "0")]), zero: "100" };
  const { bars, base, floor } = bridgePlaces(view, 500);
  expect(bars[0]?.y).toBe(base);
  expect(floor).toBeGreaterThan(base);
});

test("fewer pixels per step break the label and never shrink it", () => {
  const wide = bridgePlaces(bridge(THREE), 600).bars[0];
  const narrow = bridgePlaces(bridge(THREE), 240).bars[0];
  expect([wide?.label, wide?.note, wide?.width]).toEqual(["Outcome unknown", "1 deal", 58]);
  expect([narrow?.label, narrow?.note, narrow?.width]).toEqual(["Outcome", "unknown, 1 deal", 46]);
});

test("values that would touch stand on two lines", () => {
  const long = { amount: { amount: "-12345678.90", currency: "USD" } };
  const steps = [step("a", "900", "1000", "900", long), step("b", "900", "1000", "900", long)];
  const [a, b] = bridgePlaces(bridge(steps), 160).bars;
  expect(b?.value).toBe((a?.value ?? 0) - 13);
  const [c, d] = bridgePlaces(bridge(steps), 400).bars;
  expect(c?.value).toBe(d?.value);
});

test("the bracket spans its steps and keeps clear of values at the top", () => {
  const sentence = [{ kind: "text" as const, text: "due" }];
  const low = bridgePlaces(bridge(THREE, { first: "left", last: "left", sentence }), 1164);
  const high = bridgePlaces(bridge(THREE, { first: "later", last: "left", sentence }), 1164);
  expect(low.bracket?.y).toBe(28);
  expect(high.bracket?.from).toBe(high.bars[1]?.x);
  expect(high.bracket?.to).toBe((high.bars[2]?.x ?? 0) + 58);
  expect(high.bars[1]?.value).toBeGreaterThan((high.bracket?.y ?? 0) + 13);
});

function point(share: string | null, best_share: string | null): TrendPoint {
  return { label: "Jan", date: "31 Jan", value: "1", best: "1", share, best_share, target: null };
}

test("a trend is interrupted where there is no figure", () => {
  const points = [point("0", "0"), point(null, "0"), point("1000", "0")];
  const places = trendPlaces(points, 350);
  expect(places.xs).toEqual([12, 137, 262]);
  expect(places.lines).toEqual(["12,58", "262,14"]);
  expect(places.best).toEqual(["12,58 137,58 262,58"]);
});

test("the last two values are moved apart when they meet", () => {
  const { last } = trendPlaces([point("500", "490")], 350);
  expect((last?.bestText ?? 0) - (last?.text ?? 0)).toBe(13);
});
