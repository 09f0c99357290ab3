import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import type { FoundView } from "../../api/types";
import { expectNoAxeFindings } from "../../test/axe";
import { showApp } from "../../test/render";

const DEAL: FoundView = {
  kind: "deal",
  label: "Kestrel Ridge, Test cell",
  note: "not invoiced",
  amount: { amount: "118400.00", currency: "USD" },
  target: { screen: "deals", view: "unpaid", record: "D-1009", ledger: null, as_of: null },
};

async function open() {
  const shown = showApp("/settings?as_of=2026-05-31", {
    find: ({ text }) => ({
      groups: text === "118400" ? [{ title: "Amounts equal to 118,400.00", found: [DEAL] }] : [],
    }),
  });
  await screen.findByRole("heading", { level: 1 });
  await userEvent.keyboard("{Control>}k{/Control}");
  const box = await screen.findByRole("combobox", { name: "Find or do anything" });
  return { ...shown, box };
}

function active(box: HTMLElement): string | null | undefined {
  const id = box.getAttribute("aria-activedescendant") ?? "";
  return document.getElementById(id)?.querySelector("span:nth-of-type(1)")?.textContent;
}

test("an amount finds its record, Enter opens it and keeps the scope", async () => {
  const { router } = await open();
  await userEvent.keyboard("118400");
  const group = await screen.findByRole("group", { name: "Amounts equal to 118,400.00" });
  expect(within(group).getByRole("option").textContent).toContain("not invoiced, 118,400.00USD");
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe("/deals"));
  expect(router.state.location.search).toEqual({
    as_of: "2026-05-31",
    view: "unpaid",
    record: "D-1009",
  });
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("arrows move and wrap, and the field keeps the focus", async () => {
  const { box } = await open();
  await userEvent.keyboard(">overview{Backspace}");
  const first = active(box);
  await userEvent.keyboard("{ArrowUp}");
  await userEvent.keyboard("{ArrowDown}");
  expect(active(box)).toBe(first);
  expect(document.activeElement).toBe(box);
});

test("what was run last is offered first", async () => {
  const { router } = await open();
  await userEvent.keyboard("workpap{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe("/workpapers"));
  await userEvent.keyboard("{Control>}k{/Control}");
  const recent = await screen.findByRole("group", { name: "Recent" });
  expect(within(recent).getAllByRole("option")[0]?.textContent).toContain("Workpapers");
});

test("a day in words changes the as-of date", async () => {
  const { router } = await open();
  await userEvent.keyboard("as of 30 apr{Enter}");
  await waitFor(() => expect(router.state.location.search).toEqual({ as_of: "2026-04-30" }));
});

test("says when there is nothing", async () => {
  await open();
  await userEvent.keyboard("zzzz");
  expect((await screen.findByText("Nothing found.")).getAttribute("role")).toBe("status");
});

test("Escape closes and the page behind cannot be reached meanwhile", async () => {
  await open();
  expect(screen.queryByRole("navigation", { name: "Work" })).toBeNull();
  await expectNoAxeFindings();
  await userEvent.keyboard("{Escape}");
  expect(await screen.findByRole("navigation", { name: "Work" })).toBeTruthy();
});
