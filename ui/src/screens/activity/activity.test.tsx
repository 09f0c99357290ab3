import type { ActivityView, EffectChoice, EffectRow, FailureRow } from "../../api/types";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import { failure, fakePlatform } from "../../platform/fake";
import { expectNoAxeFindings } from "../../test/axe";
import { showApp } from "../../test/render";

const recorded = (): Promise<ActivityView> => fakePlatform().call("activity", {});
const done = { said: "Done", undo: false };

function choice(id: EffectChoice["id"], more: Partial<EffectChoice> = {}): EffectChoice {
  const sentence = `About ${id}`;
  const plain = { title: `Do ${id}`, sentence, open: true, dangerous: false };
  return { id, needs: "reason", ...plain, ...more };
}

const FAILURE: FailureRow = {
  id: "f1",
  status: { glyph: "blocked", word: "Refused", tone: "bad" },
  title: "Salesforce refused the update of Osprey",
  detail: "The figures here are right; Salesforce shows the old ones.",
  next_step: "Ask your administrator.",
  code: "TIE-4007",
  reference: "run 4",
  retry: { kind: "resync", opportunity: "006" },
  target: null,
};

const UNKNOWN: EffectRow = {
  key: "TIE-1",
  status: { glyph: "unknown", word: "Unknown", tone: "unsure" },
  subject: "Quillan Pharma",
  promise: "create invoice",
  net: { amount: "128900.00", currency: "USD" },
  since: "09:21",
  facts: [{ label: "Attempts", value: "1" }],
  history: [
    { at: "09:21:15", glyph: "dot", tone: "soft", title: "Sent", detail: [] },
    { at: "09:21:45", glyph: "unknown", tone: "unsure", title: "No answer", detail: [] },
  ],
  choices: [
    choice("ask_now", { needs: "nothing" }),
    choice("found", { needs: "number_and_reason" }),
    choice("send_again", { open: false, dangerous: true }),
  ],
  target: null,
};

async function withOutbox(outbox: EffectRow[], more: Partial<ActivityView> = {}) {
  const view = { ...(await recorded()), running: null, outbox, ...more };
  return showApp("/activity", {
    activity: () => view,
    ask_now: () => done,
    resolve_effect: () => done,
    run_now: () => done,
    cancel_task: () => done,
    resync_deal: () => {
      throw failure("TIE-2004", "Salesforce does not answer");
    },
  });
}

test("what waits is open, with its whole history and its three choices", async () => {
  await withOutbox([UNKNOWN]);
  const history = await screen.findByRole("list", { name: "History" });
  expect(within(history).getAllByRole("listitem")).toHaveLength(2);
  const toggle = screen.getByRole("button", { name: /Quillan Pharma/ });
  expect(toggle.getAttribute("aria-expanded")).toBe("true");
  await expectNoAxeFindings();
  await userEvent.click(toggle);
  expect(screen.queryByRole("list", { name: "History" })).toBeNull();
});

test("asking now needs no words, by button and by key", async () => {
  const { platform } = await withOutbox([UNKNOWN]);
  await userEvent.click(await screen.findByRole("button", { name: /Do ask_now/ }));
  await userEvent.keyboard("a");
  const asked = platform.calls.filter((call) => call.name === "ask_now");
  expect(asked.map((call) => call.params)).toEqual([{ key: "TIE-1" }, { key: "TIE-1" }]);
});

test("the dangerous choice stays closed until it is safe", async () => {
  const { platform } = await withOutbox([UNKNOWN]);
  const again = await screen.findByRole("button", { name: /Do send_again/ });
  expect(again.getAttribute("aria-disabled")).toBe("true");
  await userEvent.click(again);
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(platform.calls.some((call) => call.name === "resolve_effect")).toBe(false);
});

test("a found document needs its number and a reason before it is linked", async () => {
  const { platform } = await withOutbox([UNKNOWN]);
  await userEvent.click(await screen.findByRole("button", { name: /Do found/ }));
  const dialog = within(await screen.findByRole("dialog"));
  const confirm = dialog.getByRole("button", { name: "Check and link it" });
  await userEvent.click(confirm);
  expect(dialog.getByText("Enter the number first.")).toBeTruthy();
  await userEvent.type(dialog.getByLabelText("Number of the document"), " 2290 ");
  expect(dialog.getByText("Give a reason first.")).toBeTruthy();
  await userEvent.type(dialog.getByLabelText("Reason"), "Seen in QuickBooks");
  await expectNoAxeFindings();
  await userEvent.click(confirm);
  const asked = platform.calls.find((call) => call.name === "resolve_effect");
  expect(asked?.params).toEqual({
    key: "TIE-1",
    decision: "found",
    number: "2290",
    reason: "Seen in QuickBooks",
  });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("an open dangerous choice asks first, with the safe button in focus", async () => {
  const choices = [choice("send_again", { dangerous: true })];
  await withOutbox([{ ...UNKNOWN, choices }]);
  await userEvent.click(await screen.findByRole("button", { name: /Do send_again/ }));
  const dialog = within(await screen.findByRole("alertdialog"));
  await waitFor(() =>
    expect(document.activeElement).toBe(dialog.getByRole("button", { name: "Not now" })),
  );
});

test("nothing is decided while a person looks back", async () => {
  const view = await recorded();
  showApp("/activity?known_at=2026-07-02T17:40:00Z", {
    activity: () => ({ ...view, outbox: [UNKNOWN] }),
  });
  const found = await screen.findByRole("button", { name: /Do found/ });
  expect(found.getAttribute("aria-disabled")).toBe("true");
  expect(screen.getByRole("button", { name: "Run now" }).getAttribute("aria-disabled")).toBe(
    "true",
  );
});

test("a run is told as it goes and can be cancelled", async () => {
  const { platform } = await withOutbox([]);
  expect(await screen.findByText("Nothing was promised yet")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Run now" }));
  expect(platform.calls.some((call) => call.name === "run_now")).toBe(true);
  act(() =>
    platform.say({
      kind: "progress",
      progress: { task: "run", stage: "read", sentence: "30 of 60", done: 30, of: 60 },
    }),
  );
  expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("50");
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(platform.calls.at(-1)).toEqual({ name: "cancel_task", params: { task: "run" } });
  act(() => platform.say({ kind: "ended", task: "run" }));
  expect(screen.queryByRole("progressbar")).toBeNull();
});

test("each run says what it read, each control total stands beside its source", async () => {
  const view = await recorded();
  showApp("/activity");
  const [first] = view.runs;
  if (first === undefined || view.totals === null) throw new Error("a run is recorded");
  await screen.findByRole("heading", { name: "Runs" });
  const run = screen
    .getAllByRole("button", { expanded: false })
    .find((button) => button.textContent.startsWith(first.at));
  if (run === undefined) throw new Error("the run can be opened");
  await userEvent.click(run);
  const feeds = screen.getByRole("table", { name: `Feeds of the run at ${first.at}` });
  expect(within(feeds).getAllByRole("row")).toHaveLength(first.feeds.length + 1);
  const totals = screen.getByRole("table", { name: view.totals.title });
  expect(within(totals).getAllByRole("row")).toHaveLength(view.totals.rows.length + 1);
  await expectNoAxeFindings();
});

test("failures name the next step, and a retry that fails says so", async () => {
  const { platform, router } = await withOutbox([], { failures: [FAILURE] });
  await userEvent.click(await screen.findByRole("tab", { name: /Failures/ }));
  expect(router.state.location.search).toEqual({ view: "failures" });
  const retries = await screen.findAllByRole("button", { name: "Resync this deal" });
  await userEvent.click(retries[0] as HTMLElement);
  expect(await screen.findByText(/Salesforce does not answer/)).toBeTruthy();
  expect(platform.calls.some((call) => call.name === "resync_deal")).toBe(true);
  await expectNoAxeFindings();
});

test("nothing failed is not nothing unknown", async () => {
  const view = await recorded();
  showApp("/activity?view=failures", {
    activity: () => ({ ...view, outbox: [UNKNOWN], failures: [], quarantine: [] }),
  });
  expect(await screen.findByText(/1 outcome is unknown/)).toBeTruthy();
  expect(screen.queryByText(/none waits for an answer/)).toBeNull();
});

test("without failures the tab is good news", async () => {
  const view = await recorded();
  showApp("/activity?view=failures", {
    activity: () => ({ ...view, failures: [], quarantine: [] }),
  });
  expect(await screen.findByText("Nothing failed")).toBeTruthy();
  expect(screen.getByText("Nothing is kept aside")).toBeTruthy();
});

test("decisions show who and why, and only the newest can be undone", async () => {
  const view = await recorded();
  const decisions = view.decisions.map((one, at) => ({ ...one, undo: at === 0 }));
  const { platform } = showApp("/activity?view=decisions", {
    activity: () => ({ ...view, decisions }),
    undo: () => done,
  });
  const table = await screen.findByRole("table", { name: /Local decisions/ });
  expect(within(table).getAllByRole("row")).toHaveLength(decisions.length + 1);
  await userEvent.click(within(table).getByRole("button", { name: "Undo" }));
  expect(platform.calls.at(-1)?.name).toBe("undo");
  await expectNoAxeFindings();
});

test("the network ledger lists every host with its purpose", async () => {
  const purpose = "Invoices and payments";
  const figures = { requests: 1204, sent: "1.1 MB", received: "14 MB", last: "09:31" };
  const hosts = [{ host: "quickbooks.api.intuit.com", purpose, connection: "books", ...figures }];
  showApp("/activity?view=network", { network: () => ({ note: "1 host", hosts }) });
  const table = within(await screen.findByRole("table", { name: "Hosts contacted" }));
  expect(table.getByRole("row", { name: /quickbooks.*Invoices and payments.*1,204/ })).toBeTruthy();
  await expectNoAxeFindings();
});

test("the sample company contacts no host and says so", async () => {
  const { note } = await fakePlatform().call("network", {});
  showApp("/activity?view=network");
  expect(await screen.findByText("No host was contacted")).toBeTruthy();
  expect(screen.getByText(note)).toBeTruthy();
});

test("a failure to read the activity shows its code", async () => {
  showApp("/activity", {
    activity: () => {
      throw failure("TIE-5001", "The database is damaged");
    },
  });
  expect(await screen.findByText(/TIE-5001/)).toBeTruthy();
});
