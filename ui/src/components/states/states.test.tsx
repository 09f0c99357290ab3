import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";

import { expectNoAxeFindings } from "../../test/axe";
import { Button } from "../controls/button";
import { Skeleton } from "./skeleton";
import { Failed, Incomplete, Notice, NothingDue, NothingMatches, NothingYet } from "./states";

afterEach(() => vi.useRealTimers());

test("a skeleton says that it loads at once, and draws bars only when it takes long", () => {
  vi.useFakeTimers();
  const { container } = render(<Skeleton label="Reading 28 open invoices" widths={[120, 90]} />);
  expect(screen.getByRole("status").textContent).toBe("Reading 28 open invoices");
  expect(screen.getByRole("status").getAttribute("aria-busy")).toBe("true");
  act(() => vi.advanceTimersByTime(299));
  expect(container.querySelectorAll(".bar")).toHaveLength(0);
  act(() => vi.advanceTimersByTime(1));
  expect(container.querySelectorAll(".bar")).toHaveLength(2);
});

test("nothing yet offers the one next step", async () => {
  render(
    <NothingYet title="No receivables yet" action={<Button kind="primary">Run now</Button>}>
      The first run takes about 2 minutes.
    </NothingYet>,
  );
  expect(screen.getByRole("button", { name: "Run now" })).toBeTruthy();
  await expectNoAxeFindings();
});

test("nothing due is good news with its proof", () => {
  render(
    <NothingDue title="Northgate owes nothing overdue">All 3 invoices are due later.</NothingDue>,
  );
  expect(document.querySelector("[data-glyph=tick]")).not.toBeNull();
});

test("nothing matches names each filter and removes one or all", async () => {
  const [remove, clear] = [vi.fn(), vi.fn()];
  render(
    <NothingMatches
      title="No account matches 2 filters"
      hidden="14 accounts are hidden by:"
      filters={[
        { id: "late", label: "Over 90 days" },
        { id: "eur", label: "EUR" },
      ]}
      onRemove={remove}
      onClear={clear}
    />,
  );
  await userEvent.click(screen.getByRole("button", { name: "Remove EUR" }));
  expect(remove).toHaveBeenCalledWith("eur");
  await userEvent.click(screen.getByRole("button", { name: "Clear all" }));
  expect(clear).toHaveBeenCalledTimes(1);
  await expectNoAxeFindings();
});

test("failed says title, meaning, next step, code and reference, and copies the last two", async () => {
  const user = userEvent.setup();
  const retry = vi.fn();
  render(
    <Failed
      failure={{
        code: "TIE-2001",
        title: "QuickBooks asks you to sign in again",
        detail: "Nothing was lost and nothing was sent.",
        next_step: "Sign in to QuickBooks.",
        reference: "run 4,182",
      }}
      onRetry={retry}
    />,
  );
  expect(screen.getByRole("alert").textContent).toContain(
    "QuickBooks asks you to sign in againNothing was lost and nothing was sent.Sign in",
  );
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(retry).toHaveBeenCalledTimes(1);
  await user.click(screen.getByRole("button", { name: "Copy reference" }));
  expect(await navigator.clipboard.readText()).toBe("TIE-2001, run 4,182");
  expect(await screen.findByRole("button", { name: "Copied" })).toBeTruthy();
  await expectNoAxeFindings();
});

test("incomplete lists what was not read, and is silent when all was", async () => {
  const gaps = [{ what: "1 payment was not read.", remedy: "Read again." }];
  const { rerender } = render(<Incomplete reading={{ complete: false, read_at: null, gaps }} />);
  expect(screen.getByRole("status").textContent).toBe("1 payment was not read. Read again.");
  await expectNoAxeFindings();
  rerender(<Incomplete reading={{ complete: true, read_at: null, gaps: [] }} />);
  expect(screen.queryByRole("status")).toBeNull();
});

test("an incomplete reading without a named gap still says so", () => {
  render(<Incomplete reading={{ complete: false, read_at: null, gaps: [] }} />);
  expect(screen.getByRole("status").textContent).toBe("Something was not read.");
});

test("a notice has a shape besides its tint", () => {
  render(
    <Notice tone="unsure" glyph="unknown">
      QuickBooks did not answer.
    </Notice>,
  );
  expect(screen.getByRole("status").querySelector("[data-glyph=diamond]")).not.toBeNull();
});
