import type { Connection, ConnectionsView, MappingView, SetWritingReply } from "../../api/types";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import { failure, fakePlatform } from "../../platform/fake";
import { expectNoAxeFindings } from "../../test/axe";
import { showApp } from "../../test/render";

const SCOPE = { ledger: null, as_of: "2026-06-30", known_at: null };
const mapping = (): Promise<MappingView> => fakePlatform().call("mapping", { scope: SCOPE });
const done = { said: "Done", undo: false };

async function rehearsal(): Promise<SetWritingReply> {
  const asked = { connection: "", on: true, confirm: false };
  return await fakePlatform().call("set_writing", asked);
}

async function won() {
  const reply = await rehearsal();
  return reply.kind === "rehearsal" ? reply.rehearsal.won.amounts : [];
}

async function withWriting(on: boolean, more: Partial<Connection> = {}) {
  const view: ConnectionsView = await fakePlatform().call("connections", {});
  const [first] = view.connections;
  if (first === undefined) throw new Error("a connection is recorded");
  const writing = { on, sentence: "Creates an invoice when you approve it.", closed: null };
  const one: Connection = { ...first, name: "books", writing, ...more };
  const shown = showApp("/connections?connection=books", {
    connections: () => ({ ...view, connections: [one] }),
    set_writing: async ({ confirm }) =>
      confirm ? { kind: "done", receipt: done } : await rehearsal(),
    disconnect: () => done,
  });
  return { ...shown, one };
}

test("each company shows what it may do, how it is, and when it was last complete", async () => {
  const view = await fakePlatform().call("connections", {});
  showApp("/connections");
  const table = within(await screen.findByRole("table", { name: "Connections" }));
  for (const connection of view.connections) {
    const row = table.getByRole("row", { name: new RegExp(connection.may) });
    expect(row.textContent).toContain(connection.company);
    expect(row.textContent).toContain(connection.status.word);
    expect(row.textContent).toContain(connection.last_complete);
  }
  await screen.findByRole("table", { name: "Product mapping" });
  await expectNoAxeFindings();
});

test("the detail lists permissions with their remedy, runs and the call budget", async () => {
  const permissions = [{ what: "Product", reads: true, writes: false, remedy: "Grant edit." }];
  const calls = { sentence: "20 of 100", share: "200" };
  await withWriting(false, { permissions, calls });
  const table = within(await screen.findByRole("table", { name: "What books may do" }));
  expect(
    table.getByRole("row", { name: /Product.*may be read.*may not be written.*Grant edit/ }),
  ).toBeTruthy();
  expect(screen.getByRole("meter", { name: "Calls of today" }).getAttribute("aria-valuenow")).toBe(
    "20",
  );
  await expectNoAxeFindings();
});

test("writing is switched on only after a rehearsal was read and confirmed", async () => {
  const { platform } = await withWriting(false);
  await userEvent.click(await screen.findByRole("switch", { name: /Writing to/ }));
  const dialog = within(await screen.findByRole("alertdialog"));
  const fates = within(dialog.getByRole("table", { name: "Fate of the won deals" }));
  const total = fates.getByRole("row", { name: /^All won deals/ });
  const ruled = [...total.querySelectorAll("[data-proof]")];
  expect(ruled.map((rule) => rule.getAttribute("data-proof"))).toEqual(
    (await won()).map((one) => one.proof),
  );
  await waitFor(() =>
    expect(document.activeElement).toBe(dialog.getByRole("button", { name: "Not now" })),
  );
  await expectNoAxeFindings();
  await userEvent.click(dialog.getByRole("button", { name: /Switch on writing/ }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  const asked = platform.calls.filter((call) => call.name === "set_writing");
  expect(asked.map((call) => call.params)).toEqual([
    { connection: "books", on: true, confirm: false },
    { connection: "books", on: true, confirm: true },
  ]);
});

test("writing is switched off at once", async () => {
  const { platform } = await withWriting(true);
  await userEvent.click(await screen.findByRole("switch", { name: /Writing to/ }));
  const asked = platform.calls.find((call) => call.name === "set_writing");
  expect(asked?.params).toEqual({ connection: "books", on: false, confirm: true });
  expect(screen.queryByRole("alertdialog")).toBeNull();
});

test("a connection is only cut when its name was typed", async () => {
  const { platform, one } = await withWriting(true);
  await userEvent.click(await screen.findByRole("button", { name: "Disconnect" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  const confirm = dialog.getByRole("button", { name: "Disconnect books" });
  await userEvent.click(confirm);
  expect(platform.calls.some((call) => call.name === "disconnect")).toBe(false);
  await userEvent.type(dialog.getByLabelText("Type books to confirm"), one.name);
  await userEvent.click(confirm);
  expect(platform.calls.find((call) => call.name === "disconnect")?.params).toEqual({
    connection: "books",
  });
});

test("product coverage stands in percent with the money that waits, footed", async () => {
  const { products } = await mapping();
  showApp("/connections");
  const table = within(await screen.findByRole("table", { name: "Product mapping" }));
  for (const coverage of products.coverage) {
    const bar = screen.getByRole("meter", { name: `Products mapped, ${coverage.label}` });
    expect(bar.getAttribute("aria-valuetext")).toBe(coverage.percent);
  }
  expect(table.getAllByRole("row")).toHaveLength(1 + products.rows.length + products.totals.length);
  const [total] = products.totals;
  const [row] = table.getAllByRole("row", { name: /^All products/ });
  expect(row?.querySelector("[data-proof]")?.getAttribute("data-proof")).toBe(total?.won_proof);
});

test("choosing a product opens what waits for it and what to do", async () => {
  const { products } = await mapping();
  const { router } = showApp("/connections");
  const product = products.rows.find((row) => row.detail.waits.length > 0);
  if (product === undefined) throw new Error("a product that blocks money is recorded");
  await userEvent.click(await screen.findByRole("button", { name: new RegExp(product.code) }));
  expect(router.state.location.search).toEqual({ record: product.id });
  const rail = within(screen.getByRole("complementary", { name: `Map ${product.code}` }));
  expect(rail.getByText(product.detail.remedy)).toBeTruthy();
  await userEvent.click(rail.getByRole("button", { name: "Close" }));
  expect(screen.queryByRole("complementary", { name: `Map ${product.code}` })).toBeNull();
});

test("a suggested customer shows its evidence and is linked at once", async () => {
  const { customers } = await mapping();
  const row = customers.rows.find((one) => one.candidates.length > 0);
  const candidate = row?.candidates[0];
  if (row === undefined || candidate === undefined) throw new Error("a candidate is recorded");
  const { platform } = showApp("/connections?view=customers", { link_customer: () => done });
  const evidence = await screen.findByRole("table", { name: `Evidence for ${candidate.customer}` });
  expect(within(evidence).getAllByRole("row")).toHaveLength(candidate.evidence.length + 1);
  await expectNoAxeFindings();
  const link = () =>
    userEvent.click(screen.getByRole("button", { name: `Link to ${candidate.customer}` }));
  await link();
  const asked = platform.calls.find((call) => call.name === "link_customer");
  expect(asked?.params).toEqual({
    account: row.account,
    ledger: row.ledger,
    customer: candidate.customer,
  });
  platform.answer({
    link_customer: () => {
      throw failure("TIE-4012", "The records contradict the link");
    },
  });
  await link();
  expect(await screen.findByText("The records contradict the link")).toBeTruthy();
});

test("a link of a person that nothing was posted with can be taken back", async () => {
  const view = await mapping();
  const [row] = view.customers.rows;
  if (row === undefined) throw new Error("a customer is recorded");
  const link = { customer: "0108", name: "Northgate", tier: "by a person", in_use: false };
  const own = { ...row, links: [{ ...link, since: "", who: "M. Velez" }], candidates: [] };
  const { platform } = showApp(`/connections?view=customers&record=${row.account}`, {
    mapping: () => ({ ...view, customers: { open: 0, rows: [own] } }),
    unlink_customer: () => done,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Unlink 0108" }));
  expect(screen.getByText("by a person, M. Velez")).toBeTruthy();
  expect(platform.calls.find((call) => call.name === "unlink_customer")?.params).toEqual({
    account: row.account,
    ledger: row.ledger,
    customer: "0108",
  });
});

test("a link that was posted with is not offered to be undone", async () => {
  const { customers } = await mapping();
  const row = customers.rows.find((one) => one.links.some((link) => link.in_use));
  if (row === undefined) throw new Error("a link in use is recorded");
  showApp(`/connections?view=customers&record=${row.account}`);
  expect((await screen.findAllByText(/in use: it can be replaced/)).length).toBe(
    row.links.filter((link) => link.in_use).length,
  );
  expect(screen.queryByRole("button", { name: /^Unlink/ })).toBeNull();
});

test.each(["taxes", "currencies"] as const)("the list of %s says what is open", async (view) => {
  const rows = (await mapping())[view].rows;
  showApp(`/connections?view=${view}`);
  const name = view === "taxes" ? "Tax code" : "Currency";
  const table = within(await screen.findByRole("table", { name }));
  expect(table.getAllByRole("row")).toHaveLength(rows.length + 1);
  await expectNoAxeFindings();
});

test("nothing connected yet offers the one next step; a failure shows its code", async () => {
  showApp("/connections", {
    connections: () => ({ connections: [], note: "" }),
    mapping: () => {
      throw failure("TIE-5001", "The database is damaged");
    },
  });
  expect(await screen.findByText("Nothing is connected yet")).toBeTruthy();
  expect(await screen.findByText(/TIE-5001/)).toBeTruthy();
  expect(screen.getAllByRole("link", { name: /Add connection|Connect your own/ })).toHaveLength(2);
});
