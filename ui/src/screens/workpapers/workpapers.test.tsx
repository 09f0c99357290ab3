import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import recordedVerify from "../../../fixtures/replies/verify_file.json";
import type { AppState, Scope, VerifyReply, WorkpaperView } from "../../api/types";
import { failure, fakePlatform } from "../../platform/fake";
import { expectNoAxeFindings } from "../../test/axe";
import { showApp } from "../../test/render";

const SCOPE: Scope = { ledger: null, as_of: "2026-06-30", known_at: null };
const recorded = (): Promise<WorkpaperView> => fakePlatform().call("workpaper", { scope: SCOPE });
const app = (): Promise<AppState> => fakePlatform().call("app_state", {});

/** Opens the page of the first company that is connected. */
async function open(more: Parameters<typeof showApp>[1] = {}) {
  const [first] = (await app()).ledgers;
  return showApp(`/workpapers?ledger=${first?.id ?? ""}`, more);
}

test("the page says its conclusion and lists five tie-outs with both sides", async () => {
  const view = await recorded();
  await open();
  expect(await screen.findByRole("heading", { level: 1, name: view.title })).toBeTruthy();
  const table = within(screen.getByRole("table", { name: "Five tie-outs" }));
  for (const tie of view.tie_outs) {
    const head = table.getByRole("rowheader", { name: tie.name });
    expect(head.getAttribute("rowspan")).toBe(String(tie.lines.length));
    for (const line of tie.lines) {
      expect(table.getAllByText(line.source_name).length).toBeGreaterThan(0);
    }
  }
  await expectNoAxeFindings();
});

test("every printed total carries the rule that its proof allows", async () => {
  const view = await recorded();
  const { total } = view.roll_forward;
  const unproved = { ...view, roll_forward: { ...view.roll_forward, total } };
  unproved.roll_forward.total = { ...total, proof: "unproved" };
  await open({ workpaper: () => unproved });
  const name = view.roll_forward.title;
  const movements = within(await screen.findByRole("table", { name }));
  const row = movements.getByRole("row", { name: new RegExp(`^${total.label}`) });
  expect(row.querySelector("[data-proof]")?.getAttribute("data-proof")).toBe("unproved");
  const results = within(screen.getByRole("table", { name: "Deals against invoices" }));
  const all = results.getByRole("row", { name: /^All/ });
  const proofs = [...all.querySelectorAll("[data-proof]")].map((one) =>
    one.getAttribute("data-proof"),
  );
  expect(proofs).toEqual([view.results.total?.proof, view.results.total?.proof]);
});

test("each verdict leads to its deals", async () => {
  const view = await recorded();
  await open();
  const results = within(await screen.findByRole("table", { name: "Deals against invoices" }));
  for (const row of view.results.rows) {
    const link = results.getByRole("link", { name: row.label });
    expect(link.getAttribute("href")).toContain(`/${row.target.screen}`);
  }
});

test("changes are listed beside the figures, from before to after", async () => {
  const known_at = "2026-07-03T00:40:00Z";
  const view = await fakePlatform().call("workpaper", { scope: { ...SCOPE, known_at } });
  const { changes } = view;
  if (changes === null) throw new Error("a look back is recorded");
  await open({ workpaper: () => view });
  const part = within(await screen.findByRole("region", { name: "Changed since" }));
  expect(part.getAllByRole("listitem")).toHaveLength(changes.rows.length);
  expect(part.getByText(changes.before.label)).toBeTruthy();
});

test("without changes and backlog picture the page stays whole", async () => {
  const view = { ...(await recorded()), changes: null, backlog_bridge: null };
  await open({ workpaper: () => view });
  expect(await screen.findByRole("table", { name: view.backlog.title })).toBeTruthy();
  expect(screen.queryByRole("region", { name: "Changed since" })).toBeNull();
  await expectNoAxeFindings();
});

test("an incomplete reading is said above the page", async () => {
  const view = await recorded();
  const gaps = [{ what: "Invoices: 3 of 4 read", remedy: "Run again." }];
  await open({
    workpaper: () => ({ ...view, reading: { ...view.reading, complete: false, gaps } }),
  });
  expect(await screen.findByText("Invoices: 3 of 4 read")).toBeTruthy();
});

test.each([
  ["PDF.*A4", "pdf", "a4"],
  ["XLSX.*live formulas", "xlsx", "a4"],
  ["CSV.*one file per section", "csv", "a4"],
])("the export menu writes %s", async (name, format, paper) => {
  const { platform } = await open({ export_report: () => ({ kind: "closed" }) });
  await userEvent.click(await screen.findByRole("button", { name: "Export" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: new RegExp(name) }));
  const asked = platform.calls.find((call) => call.name === "export_report");
  expect(asked?.params).toMatchObject({ what: "workpaper", format, paper });
});

test("a file that cannot be written says why", async () => {
  await open({
    export_report: () => {
      throw failure("TIE-5003", "The disk is full");
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "Export" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: /XLSX/ }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText("The disk is full")).toBeTruthy();
  await userEvent.click(dialog.getByRole("button", { name: "Close" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("without a company there is no workpaper yet; a failure shows its code", async () => {
  const state = await app();
  const none = showApp("/workpapers", { app_state: () => ({ ...state, ledgers: [] }) });
  expect(await screen.findByText("No workpaper yet")).toBeTruthy();
  none.unmount();
  await open({
    workpaper: () => {
      throw failure("TIE-5002", "The sums do not foot");
    },
  });
  expect(await screen.findByText(/TIE-5002/)).toBeTruthy();
});

test("a file is verified and its outcome said in words", async () => {
  const [same, other] = recordedVerify.map(({ reply }) => reply as VerifyReply);
  if (same?.kind !== "checked" || other?.kind !== "checked") throw new Error("both are recorded");
  const { platform } = await open({ verify_file: () => same });
  const verify = async () =>
    userEvent.click(await screen.findByRole("button", { name: /Verify a file/ }));
  await verify();
  const dialog = within(await screen.findByRole("dialog", { name: "File verified" }));
  expect(dialog.getByText(same.status.word)).toBeTruthy();
  expect(dialog.getByText(same.hash)).toBeTruthy();
  await expectNoAxeFindings();
  await userEvent.click(dialog.getByRole("button", { name: "Close" }));
  platform.answer({ verify_file: () => other });
  await verify();
  expect(await screen.findByText(other.sentence)).toBeTruthy();
  expect(platform.calls.filter(({ name }) => name === "verify_file")).toHaveLength(2);
});

test("a file that cannot be read says why, and a closed dialog says nothing", async () => {
  const { platform } = await open({ verify_file: () => ({ kind: "closed" }) });
  await userEvent.click(await screen.findByRole("button", { name: /Verify a file/ }));
  await waitFor(() => expect(platform.calls.at(-1)?.name).toBe("verify_file"));
  expect(screen.queryByRole("dialog")).toBeNull();
  platform.answer({
    verify_file: () => {
      throw failure("TIE-1002", "A file could not be read");
    },
  });
  await userEvent.click(screen.getByRole("button", { name: /Verify a file/ }));
  const dialog = within(
    await screen.findByRole("dialog", { name: "The file was not verified" }),
  );
  expect(dialog.getByText("A file could not be read")).toBeTruthy();
});
