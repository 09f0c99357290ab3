import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import type { AppState, ConnectFormsView, ConnectState } from "../../api/types";
import { failure, fakePlatform, type Answers } from "../../platform/fake";
import { expectNoAxeFindings } from "../../test/axe";
import { showApp } from "../../test/render";
import { leftUntil } from "./clock";
import { paramsOf } from "./form";

const recorded = fakePlatform();
const forms = (): Promise<ConnectFormsView> => recorded.call("connect_forms", {});
async function waiting(): Promise<ConnectState> {
  const state = await recorded.call("connect_state", {});
  if (state === null) throw new Error("the recorded sign-in is under way");
  return state;
}
async function fresh(): Promise<AppState> {
  return { ...(await recorded.call("app_state", {})), workspace: null, has_workspace: false };
}

function copied(): string[] {
  const texts: string[] = [];
  const writeText = async (text: string) => {
    texts.push(text);
  };
  Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
  return texts;
}

test("the first page offers the sample and the connection and nothing else", async () => {
  showApp("/first-run", { app_state: fresh });
  expect(await screen.findByRole("button", { name: "Open sample" })).toBeTruthy();
  expect(screen.getAllByRole("listitem")).toHaveLength(2);
  expect(screen.getByText("Nothing has been sent from this computer")).toBeTruthy();
  await expectNoAxeFindings();
});

test("the sample opens with its progress in words and leads to the overview", async () => {
  let opened = () => {};
  const open_sample = () =>
    new Promise<{ said: string; undo: boolean }>((resolve) => {
      opened = () => resolve({ said: "", undo: false });
    });
  const { platform, router } = showApp("/first-run", { open_sample });
  await userEvent.click(await screen.findByRole("button", { name: "Open sample" }));
  expect(await screen.findByRole("heading", { name: "Opening the sample company" })).toBeTruthy();
  const sentence = "351 records read";
  act(() =>
    platform.say({
      kind: "progress",
      progress: { task: "sample", stage: "compare", sentence, done: 3, of: 6 },
    }),
  );
  const steps = screen.getAllByRole("listitem");
  expect(steps.map((step) => step.dataset["state"])).toEqual([
    "done",
    "done",
    "now",
    "later",
    "later",
    "later",
  ]);
  expect(within(steps[2] as HTMLElement).getByText(sentence)).toBeTruthy();
  expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("50");
  await expectNoAxeFindings();
  act(() => opened());
  await waitFor(() => expect(router.state.location.pathname).toBe("/overview"));
});

test("a sample that cannot open says why and can be tried again", async () => {
  const { platform } = showApp("/first-run", {
    open_sample: () => {
      throw failure("TIE-5003", "The disk is full");
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "Open sample" }));
  expect(await screen.findByText("The disk is full")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() =>
    expect(platform.calls.filter((call) => call.name === "open_sample")).toHaveLength(2),
  );
});

test("a company of one's own begins with a folder; a closed dialog changes nothing", async () => {
  let said = "";
  const { router } = showApp("/first-run", {
    app_state: fresh,
    new_workspace: () => ({ said, undo: false }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Connect" }));
  expect(router.state.location.search).toEqual({});
  said = "Folder chosen";
  await userEvent.click(screen.getByRole("button", { name: "Connect" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ step: "connect" }));
});

test("the sign-in starts with what was entered and keeps the secret out of sight", async () => {
  const { platform, router } = showApp("/first-run?step=connect&system=quickbooks");
  const button = await screen.findByRole("button", { name: /Sign in to QuickBooks/ });
  expect(button.getAttribute("aria-disabled")).toBe("true");
  await userEvent.click(button);
  expect(platform.calls.some((call) => call.name === "connect_start")).toBe(false);
  await userEvent.type(screen.getByLabelText("Client ID"), "AB12");
  const secret = screen.getByLabelText<HTMLInputElement>("Client secret");
  expect(secret.type).toBe("password");
  await userEvent.type(secret, "s3cret");
  await userEvent.click(button);
  await waitFor(() => expect(router.state.location.search).toMatchObject({ step: "sign-in" }));
  const asked = platform.calls.find((call) => call.name === "connect_start");
  expect(asked?.params).toMatchObject({
    system: "quickbooks",
    app_id: "AB12",
    secret: "s3cret",
    relay: null,
  });
  expect(document.body.textContent).not.toContain("s3cret");
});

test("presets count as entered, and empty optional fields are sent as nothing", async () => {
  const form = (await forms()).systems.find((one) => one.system === "salesforce");
  if (form === undefined) throw new Error("Salesforce can be connected");
  const params = paramsOf(form, { app_id: " 3MVG9 " });
  expect(params).toMatchObject({ app_id: "3MVG9", secret: null, relay: null });
  expect(params.address).toBe(form.fields.find((field) => field.id === "address")?.preset);
});

test("Xero asks for an app and its plan, and for no secret", async () => {
  const form = (await forms()).systems.find((one) => one.system === "xero");
  if (form === undefined) throw new Error("Xero can be connected");
  expect(form.fields.some((field) => field.secret)).toBe(false);
  expect(paramsOf(form, { app_id: " 0A1B ", calls: "1000" })).toMatchObject({
    system: "xero",
    name: "xero",
    app_id: "0A1B",
    secret: null,
    address: null,
    calls: "1000",
    scopes: "granular",
  });
  const { platform } = showApp("/first-run?step=connect&system=xero");
  const button = await screen.findByRole("button", { name: "Sign in to Xero" });
  expect(screen.queryByLabelText("Client secret")).toBeNull();
  expect(screen.getByText("http://localhost:53692/xero")).toBeTruthy();
  await expectNoAxeFindings();
  await userEvent.type(screen.getByLabelText("Client ID"), "0A1B");
  await userEvent.click(button);
  const asked = platform.calls.find((call) => call.name === "connect_start");
  expect(asked?.params).toMatchObject({ system: "xero", calls: "5000", scopes: "granular" });
});

async function showWaiting(state: Partial<ConnectState>, more: Answers = {}) {
  const shown = { ...(await waiting()), ...state };
  return showApp("/first-run?step=sign-in", { connect_state: () => shown, ...more });
}

test("while the browser is asked, time left, the link and the exact texts are there", async () => {
  const texts = copied();
  const state = await waiting();
  const expires_at = new Date(Date.now() + 90_500).toISOString();
  const { platform, router } = await showWaiting(
    { expires_at },
    { cancel_task: () => ({ said: "", undo: false }) },
  );
  expect(await screen.findByText(/The link works for 1 min (30|29) s more/)).toBeTruthy();
  expect(screen.getByText("OAUTH_APPROVAL_ERROR_GENERIC")).toBeTruthy();
  await expectNoAxeFindings();
  await userEvent.click(screen.getByRole("button", { name: "Copy link" }));
  expect(texts).toEqual([state.link]);
  await userEvent.click(screen.getByRole("button", { name: /Cancel/ }));
  expect(platform.calls.at(-1)).toMatchObject({ name: "cancel_task", params: { task: "connect" } });
  expect(router.state.location.search).toMatchObject({ step: "connect" });
});

test("the row of the error that came back opens by itself and leads to the remedy", async () => {
  const { remedies } = await waiting();
  const hit = remedies.map((row) => ({ ...row, hit: row.id === "not_installed" }));
  const { router } = await showWaiting({ remedies: hit });
  await screen.findByText("What do you see in the browser?");
  const rows = document.querySelectorAll("[data-hit='true']");
  expect([...rows].map((row) => row.textContent)[0]).toContain("OAUTH_APPROVAL_ERROR_GENERIC");
  expect(rows).toHaveLength(1);
  await userEvent.click(screen.getByRole("button", { name: /page for your administrator/ }));
  expect(router.state.location.search).toMatchObject({ step: "hand-off" });
});

test("a pasted address finishes the sign-in; a wrong one says what to do", async () => {
  let wrong = true;
  const { platform } = await showWaiting(
    { paste_only: true },
    {
      connect_paste: async () => {
        if (wrong) throw failure("TIE-2001", "The address belongs to another sign-in");
        return { ...(await waiting()), stage: "done" };
      },
    },
  );
  await userEvent.type(
    await screen.findByLabelText("Address the browser ended on"),
    "http://x?code=1",
  );
  await userEvent.click(screen.getByRole("button", { name: "Finish with this address" }));
  expect(await screen.findByText(/belongs to another sign-in/)).toBeTruthy();
  wrong = false;
  await userEvent.click(screen.getByRole("button", { name: "Finish with this address" }));
  const asked = platform.calls.filter((call) => call.name === "connect_paste");
  expect(asked.at(-1)?.params).toEqual({ address: "http://x?code=1" });
});

test("of several organisations a person chooses one before anything is kept", async () => {
  const organisations = [
    { id: "5b1c", name: "Alder Quay Instruments Ltd" },
    { id: "9d3e", name: "Northwind Tools Ltd" },
  ];
  const { platform, router } = await showWaiting(
    { system: "xero", stage: "choosing", organisations },
    {
      connect_choose: async () => ({ ...(await waiting()), stage: "checking" }),
      cancel_task: () => ({ said: "", undo: false }),
    },
  );
  const connect = await screen.findByRole("button", { name: "Connect this organisation" });
  expect(connect.getAttribute("aria-disabled")).toBe("true");
  await expectNoAxeFindings();
  await userEvent.click(screen.getByRole("button", { name: /Organisation to connect/ }));
  await userEvent.click(await screen.findByRole("option", { name: "Northwind Tools Ltd" }));
  await userEvent.click(connect);
  const asked = platform.calls.find((call) => call.name === "connect_choose");
  expect(asked?.params).toEqual({ organisation: "9d3e" });
  await userEvent.click(screen.getByRole("button", { name: /Cancel/ }));
  expect(router.state.location.search).toMatchObject({ step: "connect" });
});

test("a finished sign-in says what may be read", async () => {
  const findings = [
    { ok: false, sentence: "Products may not be read", remedy: "Ask for View All." },
  ];
  await showWaiting({ stage: "done", findings });
  const list = await screen.findByRole("list", { name: "What this user may read" });
  expect(list.textContent).toContain("Ask for View All.");
  expect(screen.queryByRole("button", { name: /Cancel/ })).toBeNull();
  await expectNoAxeFindings();
});

test("the administrator's page copies each value, and five lines as one", async () => {
  const texts = copied();
  const { hand_off } = await forms();
  showApp("/first-run?step=hand-off");
  expect(await screen.findByRole("heading", { name: hand_off.title })).toBeTruthy();
  const values = hand_off.steps.flatMap((step) => step.values).filter((value) => value.copy);
  for (const value of values) {
    await userEvent.click(screen.getByRole("button", { name: `Copy ${value.label}` }));
  }
  await userEvent.click(screen.getByRole("button", { name: "Copy as text" }));
  expect(texts).toEqual([...values.map((value) => value.lines.join("\n")), hand_off.text]);
  await expectNoAxeFindings();
});

test("the key that came back is kept on the way to the sign-in", async () => {
  showApp("/first-run?step=hand-off");
  await userEvent.type(await screen.findByLabelText("Consumer key"), "3MVG9xyz");
  await userEvent.click(screen.getByRole("button", { name: "Sign in with this key" }));
  expect(await screen.findByDisplayValue("3MVG9xyz")).toBeTruthy();
});

test("time left is counted down in minutes and seconds and ends with nothing", () => {
  const now = Date.parse("2026-07-06T17:00:00Z");
  expect(leftUntil("2026-07-06T17:13:20Z", now)).toBe("13 min 20 s");
  expect(leftUntil("2026-07-06T17:00:09Z", now)).toBe("9 s");
  expect(leftUntil("2026-07-06T17:00:00Z", now)).toBeNull();
});
