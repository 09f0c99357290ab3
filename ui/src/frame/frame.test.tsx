import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";

import type { AppState } from "../api/types";
import { failure, type Answers } from "../platform/fake";
import { expectNoAxeFindings } from "../test/axe";
import { showApp, type ShownApp } from "../test/render";
import { appState, BUSY, preferences } from "../test/replies";

const root = document.documentElement;
afterEach(() => root.getAttributeNames().forEach((name) => root.removeAttribute(name)));

const busy = (changes: Partial<AppState> = {}) => appState({ ...BUSY, ...changes });

async function open(address = "/settings", answers: Answers = {}) {
  const shown = showApp(address, { app_state: () => busy(), ...answers });
  await screen.findByText("11 of 13 totals proved");
  return shown;
}

function searchOf({ router }: ShownApp) {
  return router.state.location.search;
}

test("the sidebar counts only what waits, with a word for it", async () => {
  await open();
  const work = screen.getByRole("navigation", { name: "Work" });
  expect(within(work).getByRole("link", { name: "Deals 32 unpaid" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "Activity" })).toBeTruthy();
  expect(screen.getByRole("link", { current: "page", name: "Settings" })).toBeTruthy();
});

test("the scope goes along to another screen, the view of this one does not", async () => {
  const shown = await open("/settings?ledger=aq-us&as_of=2026-05-31&view=display");
  await userEvent.click(screen.getByRole("link", { name: /^Deals/ }));
  await waitFor(() => expect(shown.router.state.location.pathname).toBe("/deals"));
  expect(searchOf(shown)).toEqual({ ledger: "aq-us", as_of: "2026-05-31" });
});

test("entity, period and day are chosen in the bar and stand in the address", async () => {
  const shown = await open("/settings?view=display");
  await userEvent.click(screen.getByRole("button", { name: "Entity AQ-US" }));
  await userEvent.click(await screen.findByRole("menuitemradio", { name: /AQ-UK/ }));
  expect(searchOf(shown)).toEqual({ view: "display", ledger: "aq-uk" });
  await userEvent.click(screen.getByRole("button", { name: "Period June 2026" }));
  await userEvent.click(await screen.findByRole("menuitemradio", { name: "May 2026" }));
  expect(searchOf(shown)).toEqual({ view: "display", ledger: "aq-uk", as_of: "2026-05-31" });
  expect(screen.getByRole("button", { name: "As of 31 May 2026" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Entity AQ-UK" })).toBeTruthy();
});

test("Alt+D and another day: a day that is none is refused", async () => {
  const shown = await open();
  await userEvent.keyboard("{Alt>}d{/Alt}");
  await userEvent.click(await screen.findByRole("menuitemradio", { name: "Another day…" }));
  const field = await screen.findByRole("textbox", { name: "Day" });
  await userEvent.type(field, "31 june{Enter}");
  expect(screen.getByText('"31 june" is no day.')).toBeTruthy();
  await userEvent.clear(field);
  await userEvent.type(field, "11 jun{Enter}");
  await waitFor(() => expect(searchOf(shown)).toEqual({ as_of: "2026-06-11" }));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("looking back says so, closes what writes, and leads back to now", async () => {
  const shown = await open("/settings?known_at=2026-07-02T17:40:00Z");
  expect(screen.getByRole("button", { name: "As known 2 Jul 17:40" })).toBeTruthy();
  expect(screen.getByText(/You see what was known on/).textContent).toContain(
    "You see what was known on 2 Jul 17:40. Nothing can be changed here.",
  );
  await userEvent.keyboard("{Control>}z{/Control}");
  expect(shown.platform.calls.map((call) => call.name)).not.toContain("undo");
  await userEvent.click(screen.getByRole("button", { name: "Back to now" }));
  expect(searchOf(shown)).toEqual({});
  await userEvent.keyboard("{Control>}z{/Control}");
  expect(shown.platform.calls.map((call) => call.name)).toContain("undo");
});

test("a window that cannot write says why", async () => {
  const read_only = "This workspace is open in another window, so this one is read-only.";
  await open("/settings", { app_state: () => busy({ read_only }) });
  expect(screen.getByText(read_only)).toBeTruthy();
});

test("the first status cell is tinted while anything is unproved, plain when all is", async () => {
  const { unmount } = await open();
  expect(screen.getByText("11 of 13 totals proved").parentElement?.className).toContain("unproved");
  unmount();
  const proof = { text: "All 13 totals proved at 09:30", proved: true };
  showApp("/settings", { app_state: () => appState({ proof }) });
  const cell = await screen.findByText(proof.text);
  expect(cell.parentElement?.className).not.toContain("unproved");
});

test("every status cell leads to Activity", async () => {
  await open();
  const bar = screen.getByRole("contentinfo");
  const links = within(bar).getAllByRole("link");
  expect(links).toHaveLength(5);
  links.forEach((link) => expect(link.getAttribute("href")).toMatch(/\/activity$/));
});

test("a running task shows its percentage until it ends", async () => {
  const { platform } = await open();
  const progress = { task: "run", stage: "read", sentence: "", done: 1204, of: 3871 } as const;
  act(() => platform.say({ kind: "progress", progress }));
  expect(screen.getByRole("link", { name: "Running, 31%" })).toBeTruthy();
  act(() => platform.say({ kind: "progress", progress: { ...progress, of: null } }));
  expect(screen.getByRole("link", { name: "Running" })).toBeTruthy();
  act(() => platform.say({ kind: "ended", task: "run" }));
  expect(screen.queryByRole("link", { name: /^Running/ })).toBeNull();
});

test("a task that ran before the window opened is shown as well", async () => {
  const running = { task: "run", stage: "", sentence: "", done: 1, of: 2 } as const;
  const { platform } = await open("/settings", { app_state: () => busy({ running }) });
  expect(screen.getByRole("link", { name: "Running, 50%" })).toBeTruthy();
  act(() => platform.say({ kind: "ended", task: "run" }));
  expect(screen.queryByRole("link", { name: /^Running/ })).toBeNull();
});

test("amounts are hidden by key on the root, kept, and shown again", async () => {
  const { platform } = await open();
  await userEvent.keyboard("{Control>}{Shift>}h{/Shift}{/Control}");
  expect(root.hasAttribute("data-hide-amounts")).toBe(true);
  expect(platform.calls).toContainEqual({
    name: "set_preferences",
    params: { hide_amounts: true },
  });
  expect(await screen.findByText(/Amounts hidden on all screens/, { selector: "[class=said]" }));
  await userEvent.click(screen.getByRole("button", { name: "Show amounts" }));
  expect(root.hasAttribute("data-hide-amounts")).toBe(false);
});

test("a choice that cannot be kept is taken back and said", async () => {
  await open("/settings", {
    set_preferences: () => Promise.reject(failure("TIE-1102", "The disk is full")),
  });
  await userEvent.keyboard("{Control>}{Shift>}h{/Shift}{/Control}");
  await waitFor(() =>
    expect(
      screen.getAllByRole("alert").some((one) => one.textContent?.includes("The disk is full")),
    ).toBe(true),
  );
  expect(root.hasAttribute("data-hide-amounts")).toBe(false);
});

test("display choices stand on the root element", async () => {
  const chosen = { theme: "dark", density: "compact", negative: "minus" } as const;
  await open("/settings", { preferences: () => preferences(chosen) });
  await waitFor(() => expect(root.getAttribute("data-theme")).toBe("dark"));
  expect(root.getAttribute("data-density")).toBe("compact");
  expect(root.getAttribute("data-negative")).toBe("minus");
});

test("single keys follow the preference", async () => {
  const shown = await open("/settings", { preferences: () => preferences({ single_keys: false }) });
  await waitFor(() => expect(root.getAttribute("data-negative")).toBe("brackets"));
  await userEvent.keyboard("gd");
  expect(shown.router.state.location.pathname).toBe("/settings");
});

test("a menu item or the tray runs the command of its id", async () => {
  const { platform, router } = await open();
  act(() => platform.say({ kind: "command", id: "go.workpapers" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/workpapers"));
});

test("a menu item changes nothing behind a dialog, except that amounts can be hidden", async () => {
  const { platform, router } = await open();
  await userEvent.keyboard("?");
  await screen.findByRole("dialog");
  act(() => platform.say({ kind: "command", id: "go.workpapers" }));
  // The menu bar took the focus away from the dialog.
  act(() => (document.activeElement as HTMLElement).blur());
  expect(document.activeElement?.closest("[role=dialog]") ?? null).toBeNull();
  act(() => platform.say({ kind: "command", id: "go.workpapers" }));
  fireEvent.keyDown(document.body, { key: "g", code: "KeyG" });
  fireEvent.keyDown(document.body, { key: "d", code: "KeyD" });
  act(() => platform.say({ kind: "command", id: "view.hide_amounts" }));
  await waitFor(() => expect(root.hasAttribute("data-hide-amounts")).toBe(true));
  await userEvent.keyboard("{Escape}");
  expect(router.state.location.pathname).toBe("/settings");
});

test("undo and redo say what they did, and failures say what to do", async () => {
  const { platform } = await open();
  await userEvent.keyboard("{Control>}z{/Control}");
  expect(await screen.findByText(/^Undone/, { selector: "[class=said]" })).toBeTruthy();
  platform.answer({ redo: () => Promise.reject(failure("TIE-4010", "Nothing was undone")) });
  await userEvent.keyboard("{Control>}{Shift>}z{/Shift}{/Control}");
  const said = await screen.findByText(/Nothing was undone/, { selector: "[class=said]" });
  expect(said.textContent).toBe("Nothing was undone. Try again. TIE-4010");
});

test("replies are asked again when what they read has changed", async () => {
  const { platform } = await open();
  platform.answer({ app_state: () => appState({ proof: { text: "All proved", proved: true } }) });
  act(() => platform.say({ kind: "changed", tags: ["app"] }));
  expect(await screen.findByText("All proved")).toBeTruthy();
});

test("F6 goes from region to region, there and back, to where the focus was", async () => {
  await open();
  const region = () =>
    document.activeElement?.closest("[data-region]")?.getAttribute("data-region");
  screen.getByRole("link", { name: /^Deals/ }).focus();
  await userEvent.keyboard("{F6}");
  expect(region()).toBe("scope");
  await userEvent.keyboard("{F6}");
  expect(region()).toBe("main");
  await userEvent.keyboard("{F6}{F6}");
  expect(document.activeElement?.textContent).toContain("Deals");
  await userEvent.keyboard("{Shift>}{F6}{/Shift}");
  expect(region()).toBe("status");
});

test("without a workspace the window begins with the first run", async () => {
  const { router } = showApp("/deals", { app_state: () => appState({ workspace: null }) });
  await waitFor(() => expect(router.state.location.pathname).toBe("/first-run"));
  expect(screen.queryByRole("navigation")).toBeNull();
});

test("when the program does not answer, the window says so and asks again", async () => {
  const { platform } = showApp("/settings", {
    app_state: () => Promise.reject(failure("TIE-1106", "The workspace file is damaged")),
  });
  const title = await screen.findByText("The workspace file is damaged");
  expect(title.closest("[role=alert]")).not.toBeNull();
  expect(screen.getByText("TIE-1106, run 1")).toBeTruthy();
  platform.answer({ app_state: () => busy() });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("11 of 13 totals proved")).toBeTruthy();
});

test("a workspace that does not open says why, and the sample company still can", async () => {
  const why = {
    ...failure("TIE-1103", "The workspace does not open"),
    reference: "TIE-1103, 6 Jul",
  };
  const { platform } = showApp("/settings", {
    app_state: () => appState({ workspace: null, has_workspace: true, failure: why }),
  });
  expect(await screen.findByText("The workspace does not open")).toBeTruthy();
  expect(screen.getByText("TIE-1103, 6 Jul")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Open the sample company" }));
  expect(platform.calls.map((call) => call.name)).toContain("open_sample");
});

test("the title of the window names the screen", async () => {
  await open();
  expect(document.title).toBe("Settings - Tieout");
});

test("axe finds nothing in the frame", async () => {
  await open("/settings?known_at=2026-07-02T17:40:00Z");
  await expectNoAxeFindings(screen.getByRole("banner"));
  await expectNoAxeFindings(screen.getByRole("contentinfo"));
  await expectNoAxeFindings(screen.getByRole("complementary", { name: /Workspace/ }));
  await userEvent.click(screen.getByRole("button", { name: "Entity AQ-US" }));
  await expectNoAxeFindings(await screen.findByRole("menu"));
});
