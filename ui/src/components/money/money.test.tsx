import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";

import { expectNoAxeFindings } from "../../test/axe";
import { HIDE_ATTRIBUTE, Marks, Money, NEGATIVE_ATTRIBUTE, Total } from ".";

const root = document.documentElement;

async function choose(name: string, value: string | null): Promise<void> {
  await act(async () => {
    if (value === null) root.removeAttribute(name);
    else root.setAttribute(name, value);
  });
}

afterEach(async () => {
  await choose(HIDE_ATTRIBUTE, null);
  await choose(NEGATIVE_ATTRIBUTE, null);
});

it("follows the choice between brackets and a minus sign", async () => {
  const { container } = render(<Money amount="-6200.00" currency="USD" />);
  expect(container.textContent).toBe("(6,200.00)");
  await choose(NEGATIVE_ATTRIBUTE, "minus");
  expect(container.textContent).toBe("\u22126,200.00");
});

it("hides every amount behind the same bar and shows it again", async () => {
  const { container } = render(
    <>
      <Money amount="9.00" currency="USD" />
      <Total amount="9999999.00" currency="USD" proof="agreed" />
    </>,
  );
  await choose(HIDE_ATTRIBUTE, "");
  expect(container.textContent).not.toMatch(/9/);
  const bars = screen.getAllByRole("img", { name: "amount hidden" });
  expect(new Set(bars.map((bar) => bar.outerHTML)).size).toBe(1);
  await expectNoAxeFindings();
  await choose(HIDE_ATTRIBUTE, null);
  expect(container.textContent).toContain("9,999,999.00");
});

it("shows the figure of the focused cell while Alt is held, and no other", async () => {
  const { container } = render(
    <>
      <button data-cell="a">
        <Money amount="1.00" currency="USD" />
      </button>
      <button data-cell="b">
        <Money amount="2.00" currency="USD" />
      </button>
    </>,
  );
  await choose(HIDE_ATTRIBUTE, "");
  screen.getAllByRole("button")[1]?.focus();
  fireEvent.keyDown(document, { key: "Alt", altKey: true });
  expect(container.textContent).toBe("2.00");
  fireEvent.keyUp(document, { key: "Alt", altKey: false });
  expect(container.textContent).toBe("");
});

it("rules a total as its proof says, and says it in words", () => {
  render(
    <>
      <Total amount="1.00" currency="USD" proof="agreed" />
      <Total amount="2.00" currency="USD" proof="unproved" />
      <Total amount="3.00" currency="USD" proof="sum" />
    </>,
  );
  const rules = [...document.querySelectorAll("[data-proof]")];
  expect(
    rules.map((rule) => [rule.classList.contains("agreed"), rule.classList.contains("unproved")]),
  ).toEqual([
    [true, false],
    [false, true],
    [false, false],
  ]);
  expect(rules.map((rule) => rule.textContent)).toEqual([
    "1.00 agreed to its source",
    "2.00 not proved",
    "3.00",
  ]);
});

it("prints marks with their meaning", () => {
  render(<Marks marks={["[A]", "[F]"]} why="QuickBooks, aged receivables" />);
  expect(screen.getByText("[A][F]").title).toBe(
    "agreed to the accounting tool, footed: QuickBooks, aged receivables",
  );
});
