import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import type { DealView, InvoiceProposal } from "../../api/types";
import recordedDeals from "../../../fixtures/replies/deal.json";
import recorded from "../../../fixtures/replies/deals.json";
import { failure, type Answers } from "../../platform/fake";
import { expectNoAxeFindings } from "../../test/axe";
import { showApp } from "../../test/render";

const LISTED = recorded.flatMap(({ params, reply }) =>
  params.view === "unpaid" ? reply.grid.rows : [],
);
const keyOf = (name: string) => LISTED.find((row) => row.name === name)?.key ?? "";
const VANTRY = keyOf("Yard gateways rollout");
const KESTREL = keyOf("Test cell instrumentation");
const SABLE = keyOf("Compressor station");

async function deals(address = "/deals", answers: Answers = {}) {
  const shown = showApp(address, answers);
  await within(await screen.findByRole("grid")).findAllByRole("rowheader");
  return shown;
}

type Shown = Awaited<ReturnType<typeof deals>>;
const grid = () => screen.getByRole("grid");
const asked = (shown: Shown, name: string) =>
  shown.platform.calls.filter((call) => call.name === name).map((call) => call.params);

describe("the list", () => {
  it("groups by what is in the way and proves the four columns per currency", async () => {
    await deals();
    await within(grid()).findByText("nothing is created until fixed", { exact: false });
    const why = within(grid()).getByText("sent, and the books did not answer");
    expect(why.closest("[role=gridcell]")?.getAttribute("aria-colspan")).toBe("3");
    const blocked = within(grid()).getByText("no QuickBooks item: Edge inference add-on");
    expect(blocked.title).toMatch(/^The product “Edge inference add-on” names no item of/);
    const proof = (text: string) =>
      within(grid()).getByText(text).closest("[data-proof]")?.getAttribute("data-proof");
    expect([proof("467,000.00"), proof("384,943.60")]).toEqual(["agreed", "agreed"]);
    expect(screen.getByRole("tab", { name: /Unpaid\s*21/, selected: true })).toBeTruthy();
    await expectNoAxeFindings();
  });

  it("asks for the view of its tab", async () => {
    const shown = await deals();
    await userEvent.click(screen.getByRole("tab", { name: /Blocked/ }));
    await waitFor(() => expect(asked(shown, "deals").at(-1)).toMatchObject({ view: "blocked" }));
  });

  it("can be worked with the keyboard alone: down to a deal, in, through, and back", async () => {
    const shown = await deals();
    await within(grid()).findAllByText("Quillan Pharma");
    while (!grid().contains(document.activeElement)) await userEvent.tab();
    await userEvent.keyboard("{Enter}");
    await screen.findByRole("complementary", { name: /^Deal/ });
    expect(shown.router.state.location.search).toMatchObject({ record: keyOf("GMP monitoring") });
    await waitFor(() => expect(document.activeElement?.tagName).toBe("ASIDE"));
    await userEvent.keyboard("j");
    await waitFor(() =>
      expect(shown.router.state.location.search).toMatchObject({ record: SABLE }),
    );
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement?.textContent).toBe("Sable Point Energy"));
    expect(shown.router.state.location.search).not.toHaveProperty("record");
  });
});

describe("the drawer", () => {
  const OPEN = `/deals?record=${VANTRY}`;

  it("tells the way from Closed Won to cash and why the invoice belongs here", async () => {
    await deals(OPEN);
    const drawer = await screen.findByRole("complementary", {
      name: "Deal: Yard gateways rollout",
    });
    const lines = within(drawer)
      .getAllByRole("listitem")
      .map((line) => line.textContent ?? "");
    expect(lines[0]).toMatch(/6 May.*Closed Won in Salesforce.*148,200.00/);
    expect(lines.some((line) => /26 Jun.*Payment applied.*\(40,000.00\)/.test(line))).toBe(true);
    expect(within(drawer).getByRole("row", { name: /Our key TIE-.* TIE-.* same/ })).toBeTruthy();
    await expectNoAxeFindings();
  });

  it("resyncs exactly this deal with R and says the outcome", async () => {
    const shown = await deals(OPEN);
    await screen.findByText(/Cannot create a second invoice/);
    await userEvent.keyboard("r");
    await screen.findByText(/^Nothing changed/);
    expect(asked(shown, "resync_deal")).toEqual([{ opportunity: VANTRY, ledger: null }]);
  });

  it("leads from an unknown outcome to where it is decided", async () => {
    const shown = await deals(`/deals?record=${keyOf("GMP monitoring")}`);
    const drawer = await screen.findByRole("complementary", { name: /GMP monitoring/ });
    await userEvent.click(await within(drawer).findByRole("link", { name: /in Activity$/ }));
    await waitFor(() => expect(shown.router.state.location.pathname).toBe("/activity"));
  });

  it("excludes with a reason only", async () => {
    const shown = await deals(OPEN);
    await userEvent.click(await screen.findByRole("button", { name: "More actions" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: /Exclude this deal/ }));
    const verb = await screen.findByRole("button", { name: "Exclude this deal" });
    expect(verb.getAttribute("aria-disabled")).toBe("true");
    await userEvent.type(screen.getByRole("textbox", { name: "Reason" }), "test deal");
    await userEvent.click(verb);
    await waitFor(() =>
      expect(asked(shown, "exclude_deal")[0]).toMatchObject({
        opportunity: VANTRY,
        reason: "test deal",
      }),
    );
  });

  it("unlinks the document that the evidence names", async () => {
    const shown = await deals(OPEN);
    await userEvent.click(await screen.findByRole("button", { name: "More actions" }));
    const unlink = await screen.findByRole("menuitem", { name: /Unlink \d+/ });
    const entry = unlink.textContent ?? "";
    await userEvent.click(unlink);
    await userEvent.type(await screen.findByRole("textbox", { name: "Reason" }), "wrong deal");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() =>
      expect(asked(shown, "unlink")[0]).toMatchObject({
        opportunity: VANTRY,
        document: /\d+/.exec(entry)?.[0],
        reason: "wrong deal",
      }),
    );
  });
});

describe("creating an invoice", () => {
  const OPEN = `/deals?record=${KESTREL}`;
  const may = recordedDeals.find(({ params }) => params.opportunity === KESTREL)?.reply;
  const KEY = "TIE-MXNB2PCLGJF5QPMM";
  const proposal: InvoiceProposal = {
    title: "Create one invoice in QuickBooks?",
    body: "It is posted at once: QuickBooks has no draft through its interface.",
    customer: "Kestrel Ridge Aerospace",
    customer_id: "121",
    purpose: "Test cell instrumentation",
    dated: "2026-07-06",
    due: "2026-08-05",
    currency: "USD",
    lines: [
      { item: "SENS-250", amount: "114400.00" },
      { item: "ONB-PKG", amount: "4000.00" },
    ],
    net: "118400.00",
    tax_label: "Tax, computed by QuickBooks",
    tax: null,
    total: { amount: "118400.00", proof: "agreed" },
    warnings: [],
    key: KEY,
    button: "Create this invoice",
  };
  const answers: Answers = {
    deal: () => ({ ...structuredClone(may), create: { closed: null } }) as DealView,
    create_invoice: () => ({ proposal, outcome: null }),
  };
  const ask = async () =>
    userEvent.click(await screen.findByRole("button", { name: /Create invoice/ }));

  it("states what will exist and sends nothing before it is confirmed", async () => {
    const shown = await deals(OPEN, answers);
    await ask();
    const dialog = await screen.findByRole("alertdialog", {
      name: "Create one invoice in QuickBooks?",
    });
    await within(dialog).findByText(KEY);
    for (const text of [
      "Kestrel Ridge Aerospace",
      "6 Jul 2026, 5 Aug 2026",
      "114,400.00",
      "4,000.00",
    ]) {
      expect(within(dialog).getByText(text, { exact: false })).toBeTruthy();
    }
    expect(dialog.querySelector("[data-proof=agreed]")?.textContent).toContain("118,400.00");
    expect(document.activeElement?.textContent).toContain("Not now");
    await expectNoAxeFindings();
    await userEvent.click(within(dialog).getByRole("button", { name: /Not now/ }));
    expect(asked(shown, "create_invoice")).toEqual([
      { opportunity: KESTREL, ledger: null, confirm: false },
    ]);
  });

  it("sends one promise, however often it is confirmed", async () => {
    let answer: () => void = () => undefined;
    const shown = await deals(OPEN, answers);
    await ask();
    await screen.findByRole("button", { name: /Create this invoice/ });
    shown.platform.answer({
      create_invoice: () =>
        new Promise((resolve) => {
          answer = () =>
            resolve({
              proposal: null,
              outcome: {
                status: { glyph: "tick", tone: "ok", word: "Created" },
                sentence: "Invoice 2290 was created in QuickBooks.",
              },
            });
        }),
    });
    await userEvent.keyboard("{Control>}{Enter}{Enter}{Enter}{/Control}");
    const sent = () =>
      asked(shown, "create_invoice").filter((params) => (params as { confirm: boolean }).confirm);
    expect(sent()).toHaveLength(1);
    await act(async () => answer());
    await screen.findByText("Invoice 2290 was created in QuickBooks.");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(sent()).toHaveLength(1);
  });

  it("tells a refusal with its code and offers no second try", async () => {
    const shown = await deals(OPEN, answers);
    await ask();
    await screen.findByRole("button", { name: /Create this invoice/ });
    shown.platform.answer({
      create_invoice: () => {
        throw failure("TIE-0431", "The books are closed to 31 May");
      },
    });
    await userEvent.click(screen.getByRole("button", { name: /Create this invoice/ }));
    expect((await screen.findByRole("alert")).textContent).toContain("TIE-0431");
    expect(screen.queryByRole("button", { name: /Create this invoice/ })).toBeNull();
  });

  it("says so when the books have the invoice already, and offers nothing to send", async () => {
    const { create_invoice: _, ...rest } = answers;
    await deals(OPEN, rest);
    await ask();
    await screen.findByText(/has an invoice of this deal with our key already/);
    expect(screen.queryByRole("button", { name: /Create this invoice/ })).toBeNull();
    expect(screen.getByRole("button", { name: /^Close/ })).toBeTruthy();
  });

  it("says why it is closed while a gate blocks", async () => {
    await deals(`/deals?record=${SABLE}`);
    const button = await screen.findByRole("button", { name: /Create invoice/ });
    expect(button.getAttribute("aria-disabled")).toBe("true");
    const why = document.getElementById(button.getAttribute("aria-describedby") ?? "");
    expect(why?.textContent).toMatch(/names no item of QuickBooks/);
  });
});

it("writes nothing while a person looks back", async () => {
  const shown = await deals(`/deals?record=${VANTRY}&known_at=2026-07-02T17:40:00Z`);
  await screen.findByRole("button", { name: /Resync this deal/ });
  await userEvent.keyboard("r");
  await userEvent.click(screen.getByRole("button", { name: /Resync this deal/ }));
  expect(asked(shown, "resync_deal")).toEqual([]);
});
