import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { command } from "./catalog";
import { RegistryContext, useCommands } from "./context";
import { useKeyboard } from "./keyboard";
import { Registry } from "./registry";

const ran = { deals: vi.fn(), resync: vi.fn(), undo: vi.fn(), palette: vi.fn(), hide: vi.fn() };

function Window({ singleKeys = true }: { singleKeys?: boolean }) {
  useKeyboard(singleKeys);
  useCommands([
    command("go.deals", ran.deals),
    command("deal.resync", ran.resync),
    command("edit.undo", ran.undo),
    command("palette.open", ran.palette),
    command("view.hide_amounts", ran.hide, { anywhere: true }),
  ]);
  return (
    <>
      <input aria-label="note" />
      <div role="dialog" aria-label="asks">
        <button type="button">in dialog</button>
      </div>
    </>
  );
}

function open(singleKeys = true) {
  return render(
    <RegistryContext.Provider value={new Registry()}>
      <Window singleKeys={singleKeys} />
    </RegistryContext.Provider>,
  );
}

beforeEach(() => Object.values(ran).forEach((run) => run.mockClear()));
afterEach(() => vi.useRealTimers());

test("G and a letter goes there; the letters apart do not", async () => {
  open();
  await userEvent.keyboard("gd");
  expect(ran.deals).toHaveBeenCalledTimes(1);
  await userEvent.keyboard("d");
  expect(ran.deals).toHaveBeenCalledTimes(1);
});

test("a sequence is forgotten after a while", () => {
  vi.useFakeTimers();
  open();
  fireEvent.keyDown(document.body, { key: "g", code: "KeyG" });
  vi.advanceTimersByTime(2_000);
  fireEvent.keyDown(document.body, { key: "d", code: "KeyD" });
  expect(ran.deals).not.toHaveBeenCalled();
});

test("the second letter of a sequence is not a command of its own", async () => {
  open();
  await userEvent.keyboard("gr");
  expect(ran.resync).not.toHaveBeenCalled();
});

test("while a person writes, letters and undo belong to the field", async () => {
  open();
  await userEvent.click(screen.getByLabelText("note"));
  await userEvent.keyboard("gdr{Control>}z{/Control}");
  expect(ran.deals).not.toHaveBeenCalled();
  expect(ran.resync).not.toHaveBeenCalled();
  expect(ran.undo).not.toHaveBeenCalled();
  await userEvent.keyboard("{Control>}k{/Control}");
  expect(ran.palette).toHaveBeenCalledTimes(1);
});

test("single keys can be switched off, chords stay", async () => {
  open(false);
  await userEvent.keyboard("gdr{Control>}z{/Control}");
  expect(ran.deals).not.toHaveBeenCalled();
  expect(ran.resync).not.toHaveBeenCalled();
  expect(ran.undo).toHaveBeenCalledTimes(1);
});

test("inside a dialog only hiding amounts acts", async () => {
  open();
  screen.getByText("in dialog").focus();
  await userEvent.keyboard("gdr{Control>}k{/Control}{Control>}{Shift>}h{/Shift}{/Control}");
  expect(ran.deals).not.toHaveBeenCalled();
  expect(ran.resync).not.toHaveBeenCalled();
  expect(ran.palette).not.toHaveBeenCalled();
  expect(ran.hide).toHaveBeenCalledTimes(1);
});

test("a key that something else has used is left alone", () => {
  open();
  const field = screen.getByText("in dialog").parentElement ?? document.body;
  field.setAttribute("role", "grid");
  field.addEventListener("keydown", (event) => event.preventDefault());
  fireEvent.keyDown(field, { key: "r", code: "KeyR" });
  expect(ran.resync).not.toHaveBeenCalled();
});
