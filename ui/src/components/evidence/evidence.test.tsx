import { act, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";

import type { EvidenceView } from "../../api/types";
import { expectNoAxeFindings } from "../../test/axe";
import { show } from "../../test/render";
import { Figures } from "../figures";
import { HIDE_ATTRIBUTE } from "../money";
import { Evidence } from ".";

const EVIDENCE: EvidenceView = {
  title: "Why invoice 2272 belongs to this deal",
  tier: "tier 0, certain",
  crm: "Salesforce",
  books: "QuickBooks",
  rows: [
    { field: "Our key", crm: "tie-7c41", books: "tie-7c41", result: "same", id: true },
    {
      field: "Net",
      crm: "31,500.00 USD, of it open 0.00 USD",
      books: "31,150.00 USD",
      result: "(350.00) USD",
      id: false,
    },
    { field: "Net, USD", crm: "148,200.00", books: "148,200.00", result: "0.00", id: false },
  ],
  tolerance: "Within the rounding limit of 0.05",
  rivals: ["2258, lost on key and net 33,600.00"],
  score: [{ field: "Purchase order", points: "+4.2" }],
  rule: "Rule R0 v3",
  document: "2272",
};

afterEach(() => act(() => document.documentElement.removeAttribute(HIDE_ATTRIBUTE)));

it("shows both raw values of every field, the rivals and why each lost, and the rule", async () => {
  show(<Evidence evidence={EVIDENCE} />);
  expect(screen.getByRole("row", { name: "Our key tie-7c41 tie-7c41 same" })).toBeTruthy();
  expect(screen.getByRole("row", { name: "Net, USD 148,200.00 148,200.00 0.00" })).toBeTruthy();
  expect(document.body.textContent).toContain(
    "Within the rounding limit of 0.05. 1 rival: 2258, lost on key and net 33,600.00. Rule R0 v3.",
  );
  expect(screen.getByRole("list", { name: "Points of the match" }).textContent).toContain("+4.2");
  await expectNoAxeFindings();
});

it("covers amounts while they are hidden", async () => {
  show(<Evidence evidence={EVIDENCE} />);
  await act(async () => document.documentElement.setAttribute(HIDE_ATTRIBUTE, ""));
  expect(document.body.textContent).not.toMatch(/148|33,600|31,|350/);
  expect(document.body.textContent).toContain("tie-7c41");
});

it("says that a figure is not known instead of a zero", async () => {
  show(
    <Figures
      currency="USD"
      figures={[
        { label: "Contract", amount: null, strong: false },
        { label: "Open", amount: "108200.00", strong: true },
      ]}
    />,
  );
  expect(screen.getByText("not known")).toBeTruthy();
  expect(screen.getByText("108,200.00")).toBeTruthy();
  expect(screen.queryByText("0.00")).toBeNull();
  await expectNoAxeFindings();
});
