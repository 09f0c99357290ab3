import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import type { PairsView } from "../../api/types";
import recorded from "../../../fixtures/replies/duplicates.json";
import type { Answers } from "../../platform/fake";
import { expectNoAxeFindings } from "../../test/axe";
import { showApp } from "../../test/render";

const KEPT = recorded[0]?.reply as PairsView;
const OPEN: PairsView = {
  ...KEPT,
  open: 1,
  rows: KEPT.rows.map((row) => ({ ...row, cleared: null })),
};

async function duplicates(view: PairsView, answers: Answers = {}) {
  const shown = showApp("/deals?view=duplicates", { duplicates: () => view, ...answers });
  await screen.findByRole("table", { name: "Possible duplicates" });
  return shown;
}

describe("possible duplicates", () => {
  it("shows both records, what they have in common and what is at risk", async () => {
    await duplicates(OPEN);
    const row = screen.getByRole("row", { name: /2278/ });
    expect(row.textContent).toMatch(/invoice.*2278.*2279.*same deal.*18,750.00/);
    const tab = { name: /Possible duplicates\s*1/, selected: true };
    expect(screen.getByRole("tab", tab)).toBeTruthy();
    await expectNoAxeFindings();
  });

  it("keeps a person's word with its reason only", async () => {
    const shown = await duplicates(OPEN, {
      clear_pair: () => ({ said: "Kept as two", undo: true }),
    });
    await userEvent.click(screen.getByRole("button", { name: "These are two" }));
    const dialog = await screen.findByRole("dialog", { name: /2278 and 2279 are two/ });
    const act = within(dialog).getByRole("button", { name: "These are two" });
    await userEvent.click(act);
    expect(shown.platform.calls.some(({ name }) => name === "clear_pair")).toBe(false);
    await userEvent.type(within(dialog).getByLabelText("Reason"), "two deliveries");
    await userEvent.click(act);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const word = shown.platform.calls.find(({ name }) => name === "clear_pair")?.params;
    expect(word).toMatchObject({ cleared: true, reason: "two deliveries" });
  });

  it("says who has looked at a pair, and lets it be looked at again", async () => {
    await duplicates(KEPT);
    expect(screen.getByText(/accepted as the reason of the deal/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Look again" })).toBeTruthy();
  });
});
