import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import offered from "../../../fixtures/replies/link_candidates.json";
import recorded from "../../../fixtures/replies/reconciliation.json";
import type { Answers } from "../../platform/fake";
import { expectNoAxeFindings } from "../../test/axe";
import { showApp } from "../../test/render";

async function reconciliation(address = "/reconciliation", answers: Answers = {}) {
  const shown = showApp(address, answers);
  await within(await screen.findByRole("grid")).findAllByRole("rowheader");
  return shown;
}

type Shown = Awaited<ReturnType<typeof reconciliation>>;
const grid = () => screen.getByRole("grid");
const asked = (shown: Shown, name: string) =>
  shown.platform.calls.filter((call) => call.name === name).map((call) => call.params);
const rowOf = (name: string) => recorded[0]?.reply.grid.rows.find((row) => row.name === name);
const NORTHGATE = rowOf("Gateway swap")?.key ?? "";
const TRAILER = rowOf("Trailer sensors")?.key ?? "";
const OPEN = `/reconciliation?record=${NORTHGATE}`;
const CANDIDATE = offered[0]?.reply.candidates[0];
const PROPOSED = /Proposed: price/;

describe("the worklist", () => {
  it("shows verdicts as a strip and leaves what agrees folded", async () => {
    await reconciliation();
    const agreeing = await within(grid()).findByText("Agree exactly");
    expect(agreeing.closest("[role=rowheader]")?.getAttribute("aria-expanded")).toBe("false");
    const strip = screen.getByRole("group", { name: "Result of the comparison" });
    expect(
      within(strip)
        .getAllByRole("button")
        .map((part) => part.textContent),
    ).toEqual(["23Agree exactly", "4Within limit", "8Explained", "1To decide", "1Uncertain"]);
    expect(within(grid()).getByText("(294,350.00)")).toBeTruthy();
    await expectNoAxeFindings();
  });

  it("shows one verdict alone, and all again", async () => {
    await reconciliation();
    const part = await screen.findByRole("button", { name: /8\s*Explained/ });
    await userEvent.click(part);
    await waitFor(() => expect(within(grid()).queryByText("Gateway swap")).toBeNull());
    expect(within(grid()).getByText("Trailer sensors")).toBeTruthy();
    expect(part.getAttribute("aria-pressed")).toBe("true");
    await userEvent.click(part);
    await within(grid()).findByText("Gateway swap");
  });

  it("unfolds the arithmetic of a proposal below its row", async () => {
    await reconciliation();
    await userEvent.click(await within(grid()).findByText("Northgate Municipal Transit"));
    const proof = await screen.findByText(PROPOSED);
    const row = proof.closest<HTMLElement>("[role=row]");
    expect(row?.textContent).toMatch(
      /31,150.00 billed less.*31,500.00 expected.*less.*\(350.00\) price.*leaves.*0.00/,
    );
    expect(row?.querySelector("[data-proof=agreed]")?.textContent).toContain("0.00");
    await expectNoAxeFindings();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByText(PROPOSED)).toBeNull());
    expect(document.activeElement?.textContent).toBe("Northgate Municipal Transit");
  });
});

describe("decisions", () => {
  it("accept a proposal with A and say that it can be undone", async () => {
    const shown = await reconciliation(OPEN);
    await screen.findByText(PROPOSED);
    await userEvent.keyboard("a");
    await screen.findAllByText("Reason set: cut-off, Cask store pilot");
    expect(asked(shown, "accept_reason")).toMatchObject([
      { opportunity: NORTHGATE, code: "PRICE" },
    ]);
    expect(screen.getByRole("button", { name: /Undo/ })).toBeTruthy();
  });

  it("accept nothing where nothing is proposed", async () => {
    const shown = await reconciliation(`/reconciliation?record=${TRAILER}`);
    await screen.findByRole("button", { name: /Give a reason/ });
    await userEvent.keyboard("a");
    expect(asked(shown, "accept_reason")).toEqual([]);
    expect(screen.queryByRole("button", { name: /Accept/ })).toBeNull();
  });

  it("give another reason with R: the reason is asked for, the rest is kept", async () => {
    const shown = await reconciliation(OPEN);
    await screen.findByText(PROPOSED);
    await userEvent.keyboard("r");
    const dialog = await screen.findByRole("dialog", { name: "Give a reason" });
    const verb = within(dialog).getByRole("button", { name: "Set this reason" });
    expect(verb.getAttribute("aria-disabled")).toBe("true");
    await userEvent.click(within(dialog).getByRole("button", { name: /Reason/ }));
    await userEvent.click(await screen.findByRole("option", { name: "Quantity" }));
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Note" }), " checked");
    await expectNoAxeFindings();
    await userEvent.click(verb);
    await waitFor(() => expect(asked(shown, "give_reason")).toHaveLength(1));
    expect(asked(shown, "give_reason")[0]).toMatchObject({
      opportunity: NORTHGATE,
      code: "QTY",
      owner: null,
      target: null,
    });
  });

  it("write a note with N", async () => {
    const shown = await reconciliation(OPEN);
    await screen.findByText(PROPOSED);
    await userEvent.keyboard("n");
    await userEvent.type(await screen.findByRole("textbox", { name: "Note" }), "seen");
    await userEvent.click(screen.getByRole("button", { name: "Save note" }));
    await waitFor(() => expect(asked(shown, "give_reason")[0]).toMatchObject({ code: null }));
  });

  it("assign an owner in its cell", async () => {
    const shown = await reconciliation();
    (await within(grid()).findByText("assign")).closest<HTMLElement>("[data-cell]")?.focus();
    await userEvent.click(within(grid()).getByText("assign"));
    await userEvent.keyboard("{Enter}");
    await userEvent.selectOptions(
      await screen.findByRole("combobox", { name: "Owner" }),
      "M. Velez",
    );
    await userEvent.keyboard("{Enter}");
    await waitFor(() =>
      expect(asked(shown, "give_reason")).toMatchObject([
        { opportunity: NORTHGATE, owner: "M. Velez", note: null, target: null, code: null },
      ]),
    );
  });

  it("link a document that the program offers", async () => {
    const shown = await reconciliation(`/reconciliation?record=${TRAILER}`);
    await screen.findByRole("button", { name: /Give a reason/ });
    await userEvent.keyboard("l");
    await userEvent.click(
      await screen.findByRole("radio", { name: new RegExp(`^${CANDIDATE?.number}`) }),
    );
    await userEvent.type(screen.getByRole("textbox", { name: "Reason" }), "call-out for this deal");
    await userEvent.click(screen.getByRole("button", { name: "Link this document" }));
    await waitFor(() =>
      expect(asked(shown, "link")[0]).toMatchObject({
        opportunity: TRAILER,
        document: CANDIDATE?.document,
      }),
    );
  });
});

describe("the rail", () => {
  it("asks what another limit would flag while the slider moves", async () => {
    const shown = await reconciliation();
    const rail = await screen.findByRole("complementary", { name: "Limits and causes" });
    const slider = await within(rail).findByRole("slider");
    const current = () => rail.querySelector("[aria-current=true]")?.textContent;
    expect(current()).toMatch(/^25010/);
    slider.focus();
    await userEvent.keyboard("{ArrowRight}");
    await waitFor(() => expect(current()).toMatch(/^5009/));
    expect(asked(shown, "what_if").at(-1)).toMatchObject({ limit: "500.00" });
    await expectNoAxeFindings();
  });

  it("takes a typed limit as text and refuses what is no amount", async () => {
    const shown = await reconciliation();
    const field = await screen.findByRole("textbox", { name: "Limit in USD" });
    await userEvent.clear(field);
    await userEvent.type(field, "1,000{Enter}");
    await waitFor(() => expect(asked(shown, "what_if").at(-1)).toMatchObject({ limit: "1000.00" }));
    await userEvent.clear(field);
    await userEvent.type(field, "much{Enter}");
    expect(await screen.findByText("Not an amount")).toBeTruthy();
    expect(asked(shown, "what_if").at(-1)).toMatchObject({ limit: "1000.00" });
  });

  it("foots the difference by reason and puts the small ones together", async () => {
    await reconciliation();
    const rail = await screen.findByRole("complementary", { name: "Limits and causes" });
    const total = await within(rail).findByText("(423,685.04)");
    expect(total.closest("[data-proof]")?.getAttribute("data-proof")).toBe("agreed");
    expect(screen.getByText("2.6% of materiality. Netting hides nothing.")).toBeTruthy();
  });
});
