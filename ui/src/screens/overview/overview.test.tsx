import type { OverviewView } from "../../api/types";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import { failure, fakePlatform } from "../../platform/fake";
import { expectNoAxeFindings } from "../../test/axe";
import { showApp } from "../../test/render";

async function recorded(): Promise<OverviewView> {
  const scope = { ledger: null, as_of: "2026-06-30", known_at: null };
  return await fakePlatform().call("overview", { scope, range: "quarter" });
}

test("the overview says its conclusion, draws the bridge and lists what waits", async () => {
  const view = await recorded();
  showApp("/overview");
  const needs = await screen.findByRole("region", { name: "Needs a decision" });
  const main = within(screen.getByRole("main"));
  const words = view.claim.map((part) => (part.kind === "text" ? part.text : "")).join("");
  expect(
    main.getByText((_, element) => element?.tagName === "P" && holds(element, words)),
  ).toBeTruthy();
  expect(within(needs).getAllByRole("listitem")).toHaveLength(view.decisions.length);
  expect(within(needs).getAllByRole("link")[0]?.textContent).toContain(view.decisions[0]?.name);
  for (const step of view.bridge?.steps ?? []) {
    expect(main.getAllByText(step.label).length).toBeGreaterThan(0);
  }
  await expectNoAxeFindings();
});

/** Figures stand between the words, so every piece of text must be there in order. */
function holds(element: Element, words: string): boolean {
  const text = element.textContent.replaceAll(/[\d,.()]/g, "");
  return text.replaceAll(/\s+/g, "") === words.replaceAll(/[\d,.()\s]/g, "");
}

test("each tie-out shows its difference per company and leads to the workpaper", async () => {
  const view = await recorded();
  showApp("/overview");
  const ties = within(await screen.findByRole("region", { name: view.tie_outs.title }));
  for (const row of view.tie_outs.rows) {
    const cells = within(ties.getByRole("row", { name: new RegExp(`^${row.id}`) }));
    const links = cells.getAllByRole("link");
    expect(links.map((link) => link.getAttribute("href")?.split("?")[0])).toEqual(
      row.cells.map(() => "/workpapers"),
    );
  }
  expect(ties.getByText(view.completeness.sentence)).toBeTruthy();
});

test("the range stands in the address and is asked for", async () => {
  const { platform, router } = showApp("/overview");
  await userEvent.click(await screen.findByRole("radio", { name: "Month" }));
  expect(router.state.location.search).toEqual({ range: "month" });
  await waitFor(() => {
    const asked = platform.calls.filter((call) => call.name === "overview");
    expect(asked.at(-1)?.params).toMatchObject({ range: "month" });
  });
});

test("a month without sales and without open work says so", async () => {
  const view = await recorded();
  const quiet: OverviewView = {
    ...view,
    bridge: null,
    empty: "The books were read at 09:30.",
    decisions: [],
    left_out: [{ sentence: "3 won deals in EUR belong to no connected company.", target: null }],
    aging: { ...view.aging, columns: [] },
    dso: null,
  };
  showApp("/overview", { overview: () => quiet });
  expect(await screen.findByText("Nothing was sold in this range")).toBeTruthy();
  expect(screen.getByText("Nothing waits for you")).toBeTruthy();
  expect(screen.getByText("Nothing is open on this date.")).toBeTruthy();
  expect(screen.getByText(/belong to no connected company/)).toBeTruthy();
  await expectNoAxeFindings();
});

test("a failure shows its code and can be asked again", async () => {
  let broken = true;
  const view = await recorded();
  const { platform } = showApp("/overview", {
    overview: () => {
      if (broken) throw failure("TIE-5001", "The database is damaged");
      return view;
    },
  });
  expect(await screen.findByText("The database is damaged")).toBeTruthy();
  expect(screen.getByText(/TIE-5001/)).toBeTruthy();
  broken = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("region", { name: "Needs a decision" })).toBeTruthy();
  expect(platform.calls.filter((call) => call.name === "overview")).toHaveLength(2);
});

test("a file is exported in the chosen form, and the toast says where it lies", async () => {
  const { platform } = showApp("/overview", {
    export_report: () => ({ kind: "written", said: "Written to June 2026.pdf", files: [] }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Export" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: /US Letter/ }));
  expect(await screen.findAllByText("Written to June 2026.pdf")).not.toHaveLength(0);
  const asked = platform.calls.find((call) => call.name === "export_report");
  expect(asked?.params).toMatchObject({ what: "workpaper", format: "pdf", paper: "letter" });
});
