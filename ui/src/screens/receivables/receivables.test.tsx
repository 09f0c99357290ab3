import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import recorded from "../../../fixtures/replies/receivables.json";
import type { ExportParams } from "../../api/types";
import type { Answers } from "../../platform/fake";
import { expectNoAxeFindings } from "../../test/axe";
import { showApp } from "../../test/render";

const ACCOUNTS = recorded.flatMap(({ reply }) => reply.accounts?.rows ?? []);
const keyOf = (name: string) => ACCOUNTS.find((row) => row.name === name)?.key ?? "";
const VANTRY = keyOf("Vantry Logistics");
const TAMARACK = keyOf("Tamarack Foods");

async function receivables(address = "/receivables", answers: Answers = {}) {
  const shown = showApp(address, answers);
  await screen.findByRole("grid");
  return shown;
}

const grid = () => screen.getByRole("grid");
const search = (shown: Awaited<ReturnType<typeof receivables>>) =>
  shown.router.state.location.search as Record<string, string>;

describe("by account", () => {
  it("rules its total as it was proved", async () => {
    await receivables();
    await within(grid()).findByText("Vantry Logistics");
    const rule = (text: string) =>
      within(grid()).getByText(text).closest("[data-proof]")?.getAttribute("data-proof");
    expect(rule("697,803.36")).toBe("agreed");
    expect(within(grid()).queryByRole("img", { name: "provisional" })).toBeNull();
    expect(screen.getByText(/9 accounts, 20 open invoices/)).toBeTruthy();
    await expectNoAxeFindings();
  });

  it("opens an account beside the list and keeps it in the address", async () => {
    const shown = await receivables();
    await userEvent.click(await within(grid()).findByText("Vantry Logistics"));
    const drawer = await screen.findByRole("complementary", {
      name: "Account: Vantry Logistics, Inc.",
    });
    expect(search(shown)["record"]).toBe(VANTRY);
    for (const heading of [
      "Receivable",
      "Open invoices",
      "Payments",
      "Credits",
      "Deals",
      "Fields in Salesforce",
      "Customer in the books",
    ]) {
      expect(within(drawer).getByRole("heading", { name: new RegExp(`^${heading}`) })).toBeTruthy();
    }
    expect(within(drawer).getByText("1 of 9")).toBeTruthy();
    expect(within(drawer).getByText(/114 d late/)).toBeTruthy();
    await expectNoAxeFindings();
  });

  it("opens documents in the system that owns them, through the program", async () => {
    const shown = await receivables(`/receivables?record=${encodeURIComponent(VANTRY)}`);
    await userEvent.click(await screen.findByRole("button", { name: "QuickBooks" }));
    await userEvent.click(screen.getByRole("button", { name: "2258" }));
    const opened = shown.platform.calls
      .filter(({ name }) => name === "open_link")
      .map(({ params }) => (params as { link: string }).link);
    expect(opened[0]).toMatch(/customerdetail\?nameId=116/);
    expect(opened[1]).toMatch(/invoice\?txnId=/);
  });

  it("steps to the next record and comes back to its cell", async () => {
    const shown = await receivables();
    await userEvent.click(await within(grid()).findByText("Vantry Logistics"));
    await screen.findByText("1 of 9");
    await userEvent.click(screen.getByRole("button", { name: "Next account" }));
    await waitFor(() => expect(search(shown)["record"]).toBe(TAMARACK));
    await userEvent.click(screen.getByRole("button", { name: "Close" }));
    await waitFor(() => expect(search(shown)["record"]).toBeUndefined());
    expect(document.activeElement?.textContent).toBe("Tamarack Foods");
  });

  it("tells the status bar what is selected", async () => {
    await receivables(`/receivables?record=${encodeURIComponent(VANTRY)}`);
    await screen.findByText(/1 account selected, receivable/);
  });
});

it("asks for the tab and the view that the address names", async () => {
  const shown = await receivables("/receivables?view=invoices&sort=-open&filter=account~is~Vantry");
  await waitFor(() =>
    expect(shown.platform.calls.find(({ name }) => name === "receivables")?.params).toMatchObject({
      tab: "invoices",
      query: {
        sort: [{ column: "open", descending: true }],
        filters: [{ column: "account", op: "is", value: "Vantry" }],
      },
    }),
  );
});

it("lists invoices and unapplied documents in their own tabs", async () => {
  const shown = await receivables();
  await userEvent.click(await screen.findByRole("tab", { name: /By invoice/ }));
  await within(grid()).findByText("2272");
  await userEvent.click(screen.getByRole("tab", { name: /Unapplied/ }));
  await within(grid()).findByText("Dunmore Paper Mills");
  expect(search(shown)["view"]).toBe("unapplied");
  await expectNoAxeFindings();
});

it("exports the list through the program", async () => {
  const shown = await receivables("/receivables", {
    export_report: () => ({ kind: "written", said: "Saved receivables.csv", files: [] }),
  });
  await userEvent.click(screen.getByRole("button", { name: "Export" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: /CSV/ }));
  await screen.findAllByText("Saved receivables.csv");
  const call = shown.platform.calls.find(({ name }) => name === "export_report");
  expect(call?.params).toMatchObject({ what: "receivables", format: "csv", shown: null });
});

it("offers all rows or those that are shown once the list is filtered or sorted", async () => {
  const shown = await receivables("/receivables?sort=-receivable&find=foods", {
    export_report: () => ({ kind: "closed" }),
  });
  const exported = async (group: string) => {
    await userEvent.click(screen.getByRole("button", { name: "Export" }));
    const part = await screen.findByRole("group", { name: group });
    await userEvent.click(within(part).getByRole("menuitem", { name: /XLSX/ }));
    const calls = shown.platform.calls.filter(({ name }) => name === "export_report");
    return (calls.at(-1)?.params as ExportParams).shown;
  };
  expect(await exported("As shown")).toEqual({
    sort: [{ column: "receivable", descending: true }],
    filters: [],
    text: "foods",
    offset: 0,
    limit: 0,
  });
  expect(await exported("All rows")).toBeNull();
});

it("saves a view under a name and shows it as a tab", async () => {
  const shown = await receivables("/receivables?sort=-receivable");
  await userEvent.click(screen.getByRole("button", { name: "Save view" }));
  await userEvent.type(await screen.findByRole("textbox", { name: "Name" }), "Late first");
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await screen.findByRole("tab", { name: "Late first", selected: true });
  const saved = shown.platform.calls.find(({ name }) => name === "set_preferences");
  expect(saved?.params).toEqual({
    saved_views: [{ screen: "receivables", name: "Late first", search: { sort: "-receivable" } }],
  });
});
