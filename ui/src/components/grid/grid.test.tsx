import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type {
  DealGridRow,
  DealsView,
  GridGroup,
  GridPage,
  GridQuery,
  GridTotal,
  Tag,
} from "../../api/types";
import { SelectionProvider, useSelectionInView } from "../../frame/selection";
import { expectNoAxeFindings } from "../../test/axe";
import { READS } from "../../api/client";
import { show } from "../../test/render";
import { failure, type Answers } from "../../platform/fake";
import { ToastProvider, useToastInView } from "../toast/toast";
import { DataGrid, PLAIN_VIEW, type Column, type GridSource, type GridView } from ".";
import { PAGE_ROWS } from "./pages";

const SCOPE = { ledger: null, as_of: "2026-06-30", known_at: null };

function deal(at: number): DealGridRow {
  return {
    key: `K${at}`,
    reference: `D-${at}`,
    account: `Account ${at}`,
    name: `Deal ${at}`,
    closed: "2026-06-01",
    age_days: at,
    currency: "USD",
    not_invoiced: `${at}.00`,
    not_due: "0.00",
    part_paid: "0.00",
    overdue: at % 2 === 0 ? "-5.00" : "7.50",
    why: at === 3 ? "no item for AQ-EDGE-AI" : null,
    why_in_full: null,
    contract: null,
    status: { glyph: "late", tone: "warn", word: "late" },
    disputed: false,
    links: [],
  };
}

const TOTAL: GridTotal = {
  label: "USD",
  currency: "USD",
  count: 9,
  marks: ["S"],
  why: "",
  cells: [{ column: "not_invoiced", amount: "36.00", proof: "agreed" }],
};

type Books = { rows: DealGridRow[]; groups?: GridGroup[]; totals?: GridTotal[] };

/** Sorts, filters and pages as SQL would. */
function answerOf(books: Books) {
  return ({ query }: { query: GridQuery }): DealsView => {
    const [key] = query.sort;
    const found = books.rows.filter(
      (row) =>
        row.account.includes(query.text) &&
        query.filters.every((filter) => row.account === filter.value),
    );
    const rows = key === undefined ? found : key.descending ? found.toReversed() : found;
    const grid: GridPage<DealGridRow> = {
      total: rows.length,
      unfiltered: books.rows.length,
      offset: query.offset,
      rows: rows.slice(query.offset, query.offset + query.limit),
      groups: books.groups ?? [],
      totals: books.totals ?? [TOTAL],
      reading: { complete: true, read_at: null, gaps: [] },
      as_of: "",
      known_at: "",
    };
    return {
      sentence: [],
      counts: { unpaid: 0, not_invoiced: 0, leakage: 0, blocked: 0, all: 0, excluded: 0 },
      grid,
    };
  };
}

const money = (
  id: "not_invoiced" | "not_due" | "overdue",
  header: string,
): Column<DealGridRow> => ({
  id,
  header,
  kind: "money",
  width: 90,
  minWidth: 60,
  text: (row) => row[id],
  currency: (row) => row.currency,
});
const saved: string[] = [];
const COLUMNS: Column<DealGridRow>[] = [
  {
    id: "account",
    header: "Account",
    kind: "text",
    width: 160,
    minWidth: 120,
    grow: 1,
    pin: "left",
    text: (row) => row.account,
  },
  money("not_invoiced", "Uninvoiced"),
  money("not_due", "Not due"),
  money("overdue", "Overdue"),
  {
    id: "owner",
    header: "Owner",
    kind: "text",
    width: 90,
    minWidth: 60,
    text: (row) => row.name,
    edit: {
      kind: "text",
      value: (row) => row.name,
      save: (row, value) => saved.push(`${row.key} ${value}`),
    },
  },
];
const SOURCE: GridSource<"deals", DealGridRow> = {
  command: "deals",
  params: (query) => ({ scope: SCOPE, view: "unpaid", query }),
  page: (reply) => reply.grid,
};
const SPAN = { columns: ["not_due", "overdue"], text: (row: DealGridRow) => row.why };

const SUMMED = ["overdue"];
const opened: string[] = [];
let view: GridView = PLAIN_VIEW;

function Status() {
  const sums = useSelectionInView();
  const { toast } = useToastInView();
  const amounts = sums?.sums.map(({ amount, currency }) => `${amount} ${currency}`).join(", ");
  return <p>{`status: ${sums?.label ?? ""} ${amounts ?? ""}; toast: ${toast?.said ?? ""}`}</p>;
}

function Listed() {
  const [chosen, choose] = useState(PLAIN_VIEW);
  view = chosen;
  return (
    <DataGrid
      label="Deals"
      noun={{ one: "deal", many: "deals" }}
      source={SOURCE}
      columns={COLUMNS}
      view={chosen}
      onView={choose}
      keyOf={(row) => row.key}
      span={SPAN}
      sumColumns={SUMMED}
      nothing={<p>No deals yet</p>}
      sumsAt="overdue"
      onOpen={({ key, peek }) => opened.push(`${key} ${peek ? "peek" : "open"}`)}
    />
  );
}

async function listed(books: Books, answers: Answers = {}) {
  const shown = show(
    <ToastProvider>
      <SelectionProvider>
        <Listed />
        <Status />
      </SelectionProvider>
    </ToastProvider>,
    { deals: answerOf(books), ...answers },
  );
  await screen.findByText("Account 0");
  return shown;
}

const many = (count: number) => Array.from({ length: count }, (_, at) => deal(at));
const grid = () => screen.getByRole("grid");
const press = (keys: string) => userEvent.keyboard(keys);
const here = () => document.activeElement?.textContent;
const cell = (text: string) => screen.getByText(text).closest<HTMLElement>("[data-cell]");

// jsdom lays nothing out, so it does not scroll either.
Element.prototype.scrollTo = function scrollTo(this: Element, to?: ScrollToOptions | number) {
  if (typeof to !== "object") return;
  this.scrollTop = to.top ?? this.scrollTop;
  this.dispatchEvent(new Event("scroll"));
} as Element["scrollTo"];

beforeEach(() => {
  opened.length = 0;
  saved.length = 0;
});

async function start(text = "Account 0") {
  await act(async () => cell(text)?.focus());
  fireEvent.mouseDown(cell(text) ?? grid(), { button: 0 });
  fireEvent.mouseUp(grid());
}

describe("roles and counts", () => {
  it("tells the size of the whole result, not of the window", async () => {
    await listed({ rows: many(100_000) });
    expect(grid().getAttribute("aria-rowcount")).toBe("100002");
    expect(grid().getAttribute("aria-colcount")).toBe("5");
    expect(within(grid()).getAllByRole("row").length).toBeLessThan(80);
    const row = cell("Account 5")?.closest("[role=row]");
    expect(row?.getAttribute("aria-rowindex")).toBe("7");
    await expectNoAxeFindings();
  });

  it("is one tab stop", async () => {
    await listed({ rows: many(5) });
    expect(grid().querySelectorAll("[tabindex='0']")).toHaveLength(1);
    await userEvent.tab();
    expect(here()).toBe("Account 0");
    await userEvent.tab();
    expect(grid().contains(document.activeElement)).toBe(false);
  });

  it("melts the columns that have nothing to say and gives the reason", async () => {
    await listed({ rows: many(5) });
    const reason = cell("no item for AQ-EDGE-AI");
    expect(reason?.getAttribute("aria-colspan")).toBe("2");
    expect(reason?.getAttribute("aria-colindex")).toBe("3");
  });

  it("rules the totals under the figures", async () => {
    await listed({ rows: many(5) });
    const total = screen.getByText("36.00").closest("[data-proof]");
    expect(total?.getAttribute("data-proof")).toBe("agreed");
  });
});

describe("keys", () => {
  it("move by cell and keep the focus when it scrolls out of the window", async () => {
    await listed({ rows: many(1_000) });
    await start();
    await press("{ArrowDown}{ArrowDown}{ArrowRight}");
    expect(here()).toBe("2.00");
    fireEvent.scroll(grid(), { target: { scrollTop: 20_000 } });
    await screen.findByText("Account 720");
    expect(here()).toBe("2.00");
    await press("{ArrowDown}");
    expect(here()).toBe("3.00");
  });

  it("jump to the ends", async () => {
    await listed({ rows: many(500) });
    await start();
    await press("{Control>}{ArrowDown}{/Control}");
    await waitFor(() => expect(here()).toBe("Account 499"));
    await press("{End}{Control>}{ArrowUp}{/Control}");
    expect(here()).toBe("Deal 0");
    await press("{ArrowUp}");
    expect(document.activeElement?.getAttribute("role")).toBe("columnheader");
  });

  it("open with Enter, preview with Space", async () => {
    await listed({ rows: many(5) });
    await start();
    await press("{Enter} ");
    expect(opened).toEqual(["K0 open", "K0 peek"]);
  });

  it("sort the focused column and follow the record", async () => {
    await listed({ rows: many(9) });
    await start("Account 2");
    await press("s");
    await waitFor(() =>
      expect(screen.getByRole("columnheader", { name: "Account" }).getAttribute("aria-sort")).toBe(
        "descending",
      ),
    );
    await waitFor(() =>
      expect(document.activeElement?.closest("[role=row]")?.getAttribute("aria-rowindex")).toBe(
        "8",
      ),
    );
    expect(here()).toBe("Account 2");
    await waitFor(() => screen.getByText("9 deals, sorted by Account, descending"));
  });

  it("filter by the focused value and say how many remain", async () => {
    await listed({ rows: many(9) });
    await start("Account 2");
    await press("{Shift>}F{/Shift}");
    expect(view.filters).toEqual([{ column: "account", op: "is", value: "Account 2" }]);
    await screen.findByText("1 of 9, filtered");
    await userEvent.click(
      screen.getByRole("button", { name: "Remove filter Account is Account 2" }),
    );
    await screen.findByText("Account 8");
  });

  it("resize, move and offer the menu of a column", async () => {
    await listed({ rows: many(3) });
    await start();
    await press("{ArrowRight}{Alt>}{ArrowRight}{ArrowRight}{/Alt}");
    expect(view.widths).toEqual({ not_invoiced: 106 });
    await press("{Alt>}{Shift>}{ArrowRight}{/Shift}{/Alt}");
    expect(view.order.slice(0, 3)).toEqual(["account", "not_due", "not_invoiced"]);
    await press("{Alt>}{ArrowDown}{/Alt}");
    await userEvent.click(await screen.findByRole("menuitem", { name: "Hide column" }));
    expect(view.hidden).toEqual(["not_invoiced"]);
    expect(screen.queryByRole("columnheader", { name: "Uninvoiced" })).toBeNull();
  });

  it("edit what is ours: Enter opens and saves, Escape restores", async () => {
    await listed({ rows: many(3) });
    await start("Deal 1");
    await press("{Enter}");
    await userEvent.clear(screen.getByRole("textbox", { name: "Owner" }));
    await press("H. Lyle{Enter}");
    expect(saved).toEqual(["K1 H. Lyle"]);
    await press("{Enter}x{Escape}");
    expect(saved).toHaveLength(1);
    expect(screen.queryByRole("textbox", { name: "Owner" })).toBeNull();
    expect(opened).toEqual([]);
  });
});

describe("selection", () => {
  it("asks Rust for the sum of a range and copies plain numbers", async () => {
    const shown = await listed(
      { rows: many(5) },
      {
        selection_sum: ({ amounts }) => ({
          count: amounts.length,
          sums: [{ amount: "36.00", currency: "USD" }],
          average: null,
        }),
      },
    );
    const write = vi.fn(async (_: string) => undefined);
    const clipboard = { writeText: write };
    Object.defineProperty(navigator, "clipboard", { value: clipboard, configurable: true });
    await start("1.00");
    await press("{Shift>}{ArrowDown}{ArrowRight}{/Shift}");
    await screen.findByText(/status: 4 cells 36.00 USD/);
    const asked = shown.platform.calls.filter(({ name }) => name === "selection_sum");
    expect(asked.at(-1)?.params).toEqual({
      amounts: ["1.00", "0.00", "2.00", "0.00"].map((amount) => ({ amount, currency: "USD" })),
    });
    await press("{Control>}c{/Control}");
    await screen.findByText(/toast: Copied 4 cells/);
    expect(write).toHaveBeenCalledWith("Uninvoiced\tNot due\n1.00\t0.00\n2.00\t0.00");
  });

  it("offers the ways to copy in the menu of a cell", async () => {
    await listed({ rows: many(3) });
    const write = vi.fn(async (_: string) => undefined);
    const clipboard = { writeText: write };
    Object.defineProperty(navigator, "clipboard", { value: clipboard, configurable: true });
    fireEvent.contextMenu(screen.getByText("Account 1"));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Copy as CSV" }));
    await waitFor(() => expect(write).toHaveBeenCalledWith("Account\nAccount 1"));
  });

  it("marks rows with X and lets go with Escape", async () => {
    await listed(
      { rows: many(5) },
      {
        selection_sum: () => ({
          count: 2,
          sums: [{ amount: "2.50", currency: "USD" }],
          average: null,
        }),
      },
    );
    await start();
    await press("x{ArrowDown}x");
    await screen.findByText(/status: 2 deals selected, overdue 2.50 USD/);
    expect(grid().querySelectorAll("[role=row][aria-selected=true]")).toHaveLength(2);
    await press("{Escape}");
    expect(grid().querySelectorAll("[role=row][aria-selected=true]")).toHaveLength(0);
  });

  it("takes all rows of the filter, and their sum from the totals", async () => {
    const totals = [
      { ...TOTAL, cells: [{ column: "overdue", amount: "99.00", proof: "agreed" as const }] },
    ];
    await listed({ rows: many(1_000), totals });
    await start();
    await press("{Control>}a{/Control}");
    await screen.findByText(/status: all 1,000 deals, overdue 99.00 USD/);
  });
});

describe("groups", () => {
  const groups: GridGroup[] = [
    {
      key: "a",
      label: "Blocked by a gate",
      note: "nothing is created",
      glyph: "stop",
      first: 0,
      count: 2,
      sums: [{ amount: "-3.00", currency: "USD" }],
      totals: null,
    },
    {
      key: "b",
      label: "Overdue",
      note: "",
      glyph: "late",
      first: 2,
      count: 3,
      sums: [],
      totals: { ...TOTAL, label: "Sub" },
    },
  ];

  it("fold with the arrows and keep their sums", async () => {
    await listed({ rows: many(5), groups });
    const header = screen.getByText("Blocked by a gate").closest("[role=rowheader]");
    expect(header?.getAttribute("aria-expanded")).toBe("true");
    await start("Blocked by a gate");
    await press("{ArrowLeft}");
    expect(view.collapsed).toEqual(["a"]);
    expect(screen.queryByText("Account 0")).toBeNull();
    expect(screen.getByText("(3.00)")).toBeTruthy();
    expect(grid().getAttribute("aria-rowcount")).toBe("8");
    await press("{ArrowRight}");
    expect(screen.getByText("Account 0")).toBeTruthy();
    await expectNoAxeFindings();
  });
});

describe("pages", () => {
  it("come as the window scrolls, and a far one leaves no blank row for long", async () => {
    const shown = await listed({ rows: many(10_000) });
    const offsets = () =>
      shown.platform.calls
        .filter(({ name }) => name === "deals")
        .map(({ params }) => (params as { query: GridQuery }).query.offset);
    await waitFor(() => expect(offsets()).toEqual([0, PAGE_ROWS]));
    fireEvent.scroll(grid(), { target: { scrollTop: 28 * 5_000 } });
    await screen.findByText("Account 5005");
    expect(offsets().every((offset) => offset % PAGE_ROWS === 0)).toBe(true);
    expect(offsets().length).toBeLessThan(8);
  });
});

describe("states", () => {
  it("keeps the rows of the answer before while the next is on its way", async () => {
    let release: () => void = () => undefined;
    const shown = await listed({ rows: many(5) });
    const books = answerOf({ rows: many(5) });
    shown.platform.answer({
      deals: (params) =>
        new Promise((resolve) => {
          release = () => resolve(books(params));
        }),
    });
    await start();
    await press("s");
    await waitFor(() => expect(grid().getAttribute("aria-busy")).toBe("true"));
    expect(screen.getByText("Account 4")).toBeTruthy();
    await act(async () => release());
    await waitFor(() => expect(grid().getAttribute("aria-busy")).toBe("false"));
  });

  it("keeps rows that cannot be read again, and says so", async () => {
    const shown = await listed({ rows: many(5) });
    shown.platform.answer({
      deals: () => {
        throw failure("TIE-0412", "QuickBooks asks you to sign in again");
      },
    });
    act(() => shown.platform.say({ kind: "changed", tags: READS.deals as Tag[] }));
    await screen.findByText("QuickBooks asks you to sign in again.");
    expect(screen.getByText("Account 4")).toBeTruthy();
    expect(screen.getByText("TIE-0412")).toBeTruthy();
  });

  it("names the filters when nothing matches", async () => {
    await listed({ rows: many(5) });
    await start();
    await press("/");
    await userEvent.type(screen.getByRole("searchbox"), "zebra");
    await screen.findByText("No deal matches the filter");
    expect(screen.getByText("5 deals are hidden by:")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Clear all" }));
    await screen.findByText("Account 4");
  });

  it("says what fills it, and what failed", async () => {
    const shown = show(
      <ToastProvider>
        <Listed />
      </ToastProvider>,
      { deals: answerOf({ rows: [], totals: [] }) },
    );
    await screen.findByText("No deals yet");
    shown.unmount();
    show(
      <ToastProvider>
        <Listed />
      </ToastProvider>,
      {
        deals: () => {
          throw failure("TIE-0412", "QuickBooks asks you to sign in again");
        },
      },
    );
    expect((await screen.findByRole("alert")).textContent).toContain("TIE-0412");
    expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
    await expectNoAxeFindings();
  });
});
