import type { AgingView, BridgeView, Target, TrendView } from "../../api/types";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { act, fireEvent, screen, within } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";

import { HIDE_ATTRIBUTE } from "../money";
import { show } from "../../test/render";
import { expectNoAxeFindings } from "../../test/axe";
import { AgingBars, AgingTable, Bridge, Reasons, Trend } from ".";
import type { ReasonsView } from "./preview";

const target: Target = {
  screen: "deals",
  view: "blocked",
  record: null,
  ledger: null,
  as_of: null,
};
const usd = (amount: string) => ({ amount, currency: "USD" });

const BRIDGE: BridgeView = {
  title: "Closed Won to receivables",
  currency: "USD",
  zero: "0",
  steps: [
    {
      id: "won",
      label: "Closed Won",
      note: "3 deals",
      kind: "total",
      amount: usd("1000.00"),
      low: "0",
      high: "1000",
      level: "1000",
      target,
    },
    {
      id: "blocked",
      label: "Blocked",
      note: "1 deal",
      kind: "blocked",
      amount: usd("-400.00"),
      low: "600",
      high: "1000",
      level: "600",
      target,
    },
    {
      id: "tax",
      label: "Tax",
      note: "",
      kind: "step",
      amount: usd("0.00"),
      low: "600",
      high: "600",
      level: "600",
      target: null,
    },
  ],
  bracket: {
    first: "blocked",
    last: "blocked",
    sentence: [
      { kind: "amount", amount: usd("400.00"), tone: "plain", target: null },
      { kind: "text", text: " should be invoiced by now" },
    ],
  },
};

/** Charts link, and links need a router. */
async function showChart(chart: ReactNode) {
  const router = createRouter({
    routeTree: createRootRoute({ component: () => chart }),
    history: createMemoryHistory({ initialEntries: ["/?ledger=qbo:1"] }),
  });
  const shown = show(<RouterProvider router={router} />);
  await act(() => router.load());
  return shown;
}

afterEach(() => act(() => document.documentElement.removeAttribute(HIDE_ATTRIBUTE)));

test("each mark of the bridge prints its value and leads to its list", async () => {
  await showChart(<Bridge id="b" name="the bridge" view={BRIDGE} />);
  const mark = screen.getByRole("link", { name: "Blocked 1 deal (400.00)" });
  expect(within(mark).getByText("(400.00)")).toBeTruthy();
  expect(mark.getAttribute("href")).toContain("/deals?");
  expect(mark.getAttribute("href")).toContain("view=blocked");
  expect(screen.getByText("400.00 should be invoiced by now")).toBeTruthy();
  await expectNoAxeFindings();
});

test("the bridge has its figures as a table, and the button swaps the two", async () => {
  const { container } = await showChart(<Bridge id="b" name="the bridge" view={BRIDGE} main />);
  const rows = () => screen.getAllByRole("row").map((row) => row.textContent);
  expect(rows()).toEqual([
    "StepOfUSD",
    "Closed Won3 deals1,000.00",
    "Blocked1 deal(400.00)",
    "Tax0.00",
  ]);
  fireEvent.click(screen.getByRole("button", { name: "Show the bridge as a table" }));
  expect(container.querySelector("svg[role=group]")).toBeNull();
  expect(rows()).toHaveLength(4);
  fireEvent.click(screen.getByRole("button", { name: "Show the bridge as a picture" }));
  expect(container.querySelector("svg[role=group]")).not.toBeNull();
});

test("where the labels would run into each other the table stands instead", async () => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(200);
  const { container } = await showChart(<Bridge id="b" name="the bridge" view={BRIDGE} main />);
  expect(container.querySelector("svg[role=group]")).toBeNull();
  expect(screen.queryByRole("button", { name: /as a picture/ })).toBeNull();
  expect(screen.getByRole("row", { name: "Blocked 1 deal (400.00)" })).toBeTruthy();
  vi.unstubAllGlobals();
});

test("hidden amounts leave the picture too", async () => {
  const { container } = await showChart(<Bridge id="b" name="the bridge" view={BRIDGE} />);
  await act(async () => document.documentElement.setAttribute(HIDE_ATTRIBUTE, ""));
  expect(container.textContent).not.toMatch(/400|1,000/);
  expect(screen.getByRole("link", { name: "Blocked 1 deal" })).toBeTruthy();
});

const BUCKETS = ["not_due", "days_1_30", "days_31_60", "days_61_90", "days_over_90"] as const;
const AGING: AgingView = {
  basis: "by due date",
  buckets: BUCKETS.map((id) => ({ id, label: id.replaceAll("_", " ") })),
  columns: [
    {
      currency: "USD",
      late: "40% late",
      unapplied: usd("-10.00"),
      receivable: usd("90.00"),
      proof: "unproved",
      marks: ["A"],
      segments: BUCKETS.map((bucket, at) => ({
        bucket,
        amount: usd(at === 0 ? "60.00" : at === 4 ? "40.00" : "0.00"),
        share: at === 0 ? "600" : at === 4 ? "400" : "0",
        target,
      })),
    },
  ],
};

test("aging shows the buckets that hold money, in words too, and rules its total", async () => {
  await showChart(
    <>
      <AgingBars view={AGING} />
      <AgingTable view={AGING} />
    </>,
  );
  const bars = within(screen.getByRole("group", { name: "USD by lateness" })).getAllByRole("link");
  expect(bars.map((bar) => [bar.title, bar.style.flexGrow])).toEqual([
    ["not due 60.00 USD", "600"],
    ["days over 90 40.00 USD", "400"],
  ]);
  expect(screen.getByText("40% late")).toBeTruthy();
  const total = within(screen.getByRole("row", { name: /Receivables/ })).getByText("90.00");
  expect(total.closest("[data-proof]")?.getAttribute("data-proof")).toBe("unproved");
  await expectNoAxeFindings();
});

const TREND: TrendView = {
  title: "Days sales outstanding",
  note: "AQ-US, month end",
  axis: "axis from 26 to 61 days",
  unit: "days",
  best_label: "at best",
  points: [
    {
      label: "Apr",
      date: "30 Apr 2026",
      value: "n/a",
      best: "40.00",
      share: null,
      best_share: "500",
      target,
    },
    {
      label: "May",
      date: "31 May 2026",
      value: "56.78",
      best: "39.40",
      share: "900",
      best_share: "400",
      target,
    },
  ],
};

test("the trend prints its last values and keeps a month without a figure open", async () => {
  const { container } = await showChart(<Trend id="t" view={TREND} />);
  expect(screen.getByRole("link", { name: "31 May 2026, 56.78 days, 39.40 at best" })).toBeTruthy();
  expect(screen.getByText("39.40 at best")).toBeTruthy();
  expect(container.querySelectorAll(".trendline")).toHaveLength(1);
  expect(screen.getByRole("row", { name: "30 Apr 2026 n/a 40.00" })).toBeTruthy();
  await expectNoAxeFindings();
});

const REASONS: ReasonsView = {
  title: "Difference by reason",
  note: "AQ-US, USD",
  zero: "600",
  rows: [
    { id: "a", label: "Not invoiced", amount: usd("-300.00"), from: "0", to: "600", target },
    { id: "b", label: "Billed twice", amount: usd("50.00"), from: "600", to: "700", target: null },
  ],
  total: { label: "All", amount: usd("-250.00"), proof: "agreed", marks: ["F"] },
};

test("reasons stand on their side of zero and are footed", async () => {
  const { container } = await showChart(<Reasons view={REASONS} />);
  const bars = [...container.querySelectorAll<HTMLElement>("[data-side]")];
  expect(bars.map((bar) => [bar.dataset["side"], bar.style.left, bar.style.width])).toEqual([
    ["minus", "0%", "60%"],
    ["plus", "60%", "10%"],
  ]);
  expect(
    screen.getByRole("row", { name: /^All .*\(250\.00\) ?agreed to its source$/ }),
  ).toBeTruthy();
  await expectNoAxeFindings();
});
