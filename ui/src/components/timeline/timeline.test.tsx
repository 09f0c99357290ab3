import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import type { TimelineEvent } from "../../api/types";
import { expectNoAxeFindings } from "../../test/axe";
import { show } from "../../test/render";
import { Timeline, useTimeline } from ".";

function event(text: string, more: Partial<TimelineEvent> = {}): TimelineEvent {
  return {
    when: "6 May 16:02",
    glyph: "ok",
    tone: "ok",
    sentence: [{ kind: "text", text }],
    second: null,
    amount: null,
    gates: [],
    minor: false,
    ...more,
  };
}

const GATES = [
  { passed: false, word: "0 of 1 products", detail: "AQ-EDGE-AI has no QuickBooks item." },
  { passed: false, word: "customer", detail: "Two contacts share one VAT number." },
  { passed: true, word: "USD = USD", detail: null },
];
const EVENTS = [
  event("Closed Won in Salesforce", { amount: "148200.00" }),
  event("Waited for approval", { minor: true }),
  event("Payment applied", { amount: "-40000.00" }),
  event("Gates failed", { gates: GATES }),
];

function Shown({ events }: { events: TimelineEvent[] }) {
  const { shown, more } = useTimeline(events);
  return (
    <>
      {more}
      <Timeline events={shown} currency="USD" />
    </>
  );
}

it("counts what it leaves out and opens it", async () => {
  show(<Shown events={EVENTS} />);
  expect(screen.getAllByRole("listitem")).toHaveLength(3);
  await userEvent.click(screen.getByRole("button", { name: "3 of 4 events" }));
  expect(screen.getAllByRole("listitem")).toHaveLength(4);
  await userEvent.click(screen.getByRole("button", { name: "fewer events" }));
  expect(screen.queryByText("Waited for approval")).toBeNull();
});

it("shows all failing gates with what is wrong, and amounts with their sign", async () => {
  show(<Shown events={EVENTS} />);
  expect(screen.getByText("AQ-EDGE-AI has no QuickBooks item.")).toBeTruthy();
  expect(screen.getByText("Two contacts share one VAT number.")).toBeTruthy();
  expect(screen.getAllByRole("img", { name: "failed" })).toHaveLength(2);
  expect(screen.getByText("(40,000.00)")).toBeTruthy();
  await expectNoAxeFindings();
});

it("only tells the count when nothing is left out", () => {
  show(<Shown events={[event("Closed Won")]} />);
  expect(screen.getByText("1 event")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});
