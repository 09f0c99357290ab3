import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import type { LimitColumn, Preferences, Scope, SettingsView } from "../../api/types";
import { failure, fakePlatform } from "../../platform/fake";
import { expectNoAxeFindings } from "../../test/axe";
import { showApp } from "../../test/render";
import { canonicalOf, problemOf } from "./limit-text";
import { changesOf } from "./save-limits";

const SCOPE: Scope = { ledger: null, as_of: "2026-06-30", known_at: null };
const recorded = (): Promise<SettingsView> => fakePlatform().call("settings", { scope: SCOPE });
const preferences = (): Promise<Preferences> => fakePlatform().call("preferences", {});
const done = { said: "Done", undo: true };

async function oneCompany(more: Partial<LimitColumn> = {}) {
  const view = await recorded();
  const [first] = view.limits.columns;
  if (first === undefined) throw new Error("limits are recorded");
  const column: LimitColumn = { ...first, flag_amount: "250.00", currency: "USD", ...more };
  const shown = showApp("/settings", {
    settings: () => ({ ...view, limits: { ...view.limits, columns: [column] } }),
    set_limits: () => done,
    set_preferences: () => ({ said: "", undo: false }),
  });
  const field = (name: string) =>
    screen.findByRole<HTMLInputElement>("textbox", { name: `${name}, ${column.label}` });
  return { ...shown, column, field };
}

test("every section is there, and the address names the one that is shown", async () => {
  const { router } = await oneCompany();
  const nav = within(await screen.findByRole("navigation", { name: "Settings sections" }));
  const links = nav.getAllByRole("link");
  expect(links[0]?.getAttribute("aria-current")).toBe("true");
  await screen.findByRole("region", { name: "Limits and materiality" });
  for (const link of links) {
    expect(screen.getByRole("region", { name: link.textContent })).toBeTruthy();
  }
  await userEvent.click(nav.getByRole("link", { name: "Display" }));
  expect(router.state.location.search).toEqual({ view: "display" });
  await screen.findByText("No host was contacted");
  await expectNoAxeFindings();
});

test("a limit is changed with a reason, as canonical text, for its company alone", async () => {
  const { platform, column, field } = await oneCompany();
  const limit = await field("Flag a deal above");
  await userEvent.clear(limit);
  await userEvent.type(limit, "1,500");
  const bar = within(screen.getByRole("group", { name: `Changes for ${column.label}` }));
  const save = bar.getByRole("button", { name: "Change the limits" });
  await userEvent.click(save);
  expect(platform.calls.some((call) => call.name === "set_limits")).toBe(false);
  await userEvent.type(bar.getByLabelText("Reason"), "Agreed with the auditor");
  await userEvent.click(save);
  expect(platform.calls.find((call) => call.name === "set_limits")?.params).toEqual({
    ledger: column.ledger,
    changes: { flag_amount: "1500.00" },
    reason: "Agreed with the auditor",
  });
  await waitFor(() => expect(screen.queryByRole("group", { name: /^Changes for/ })).toBeNull());
});

test("a text that is no amount is said at its field and cannot be saved", async () => {
  const { field } = await oneCompany();
  const limit = await field("Period materiality");
  await userEvent.clear(limit);
  await userEvent.type(limit, "lots");
  expect(screen.getByText("No amount in USD.")).toBeTruthy();
  expect(screen.getByText("One of the limits cannot be read.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Discard" }));
  expect(screen.queryByText("No amount in USD.")).toBeNull();
});

test("closed limits say why and cannot be typed into", async () => {
  const closed = "Another window has this workspace open.";
  const { field } = await oneCompany({ closed });
  expect((await field("Flag a deal above")).disabled).toBe(true);
  expect(screen.getByText(closed)).toBeTruthy();
});

test("texts become canonical amounts, shares and days, or are refused", () => {
  expect(canonicalOf("flag_amount", " 1,250 ", "USD")).toBe("1250.00");
  expect(canonicalOf("rounding", "5", "JPY")).toBe("5");
  expect(canonicalOf("materiality", "-1", "USD")).toBeNull();
  expect(canonicalOf("flag_percent", "0.5", "USD")).toBe("0.5");
  expect(canonicalOf("flag_percent", "1e2", "USD")).toBeNull();
  expect(canonicalOf("grace_days", "2.5", "USD")).toBeNull();
  expect(problemOf("grace_days", "2.5", "USD")).toBe("Whole days only.");
});

test("what was typed back to its old value is no change", async () => {
  const { column } = await oneCompany();
  expect(changesOf(column, { flag_amount: "250" })).toEqual({});
  expect(changesOf(column, { credit_policy: column.credit_policy })).toEqual({});
  expect(changesOf(column, { flag_amount: "251", grace_days: "x" })).toBeNull();
});

test("a display choice takes effect at once and is kept", async () => {
  const { platform } = await oneCompany();
  await userEvent.click(await screen.findByRole("radio", { name: "Dark" }));
  await waitFor(() => expect(document.documentElement.getAttribute("data-theme")).toBe("dark"));
  expect(platform.calls.filter((call) => call.name === "set_preferences").at(-1)?.params).toEqual({
    theme: "dark",
  });
  act(() => document.documentElement.removeAttribute("data-theme"));
});

test("one notification cause is changed without touching the others", async () => {
  const before = await preferences();
  const { platform } = await oneCompany();
  const region = within(await screen.findByRole("region", { name: "Notifications" }));
  await userEvent.click(region.getByRole("switch", { name: "Finished run" }));
  const asked = platform.calls.filter((call) => call.name === "set_preferences").at(-1);
  expect(asked?.params).toEqual({
    notify: { ...before.notify, finished: !before.notify.finished },
  });
});

test("a preference that cannot be kept goes back and says so", async () => {
  const { platform } = await oneCompany();
  platform.answer({
    set_preferences: () => {
      throw failure("TIE-5004", "The disk is full");
    },
  });
  const keys = await screen.findByRole<HTMLInputElement>("switch", { name: "Single keys" });
  const was = keys.checked;
  await userEvent.click(keys);
  expect(await screen.findByText(/The disk is full/)).toBeTruthy();
  expect(keys.checked).toBe(was);
});

test("a failure to read the settings shows its code", async () => {
  showApp("/settings", {
    settings: () => {
      throw failure("TIE-5001", "The database is damaged");
    },
  });
  expect(await screen.findByText(/TIE-5001/)).toBeTruthy();
});
