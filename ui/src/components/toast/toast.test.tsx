import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { command } from "../../commands/catalog";
import { RegistryContext, useCommands } from "../../commands/context";
import { Registry } from "../../commands/registry";
import { expectNoAxeFindings } from "../../test/axe";
import { show } from "../../test/render";
import { ToastProvider, useFailureToast, useToast } from "./toast";
import { ToastRegion } from "./toast_region";

const undo = vi.fn();

function Screen() {
  const say = useToast();
  const sayFailure = useFailureToast();
  useCommands([command("edit.undo", undo)]);
  const broke = {
    code: "TIE-1101",
    title: "It broke",
    detail: "",
    next_step: "Again.",
    reference: "",
  };
  return (
    <>
      <button onClick={() => say({ said: "Reason set: cut-off", undo: true })}>decide</button>
      <button onClick={() => say({ said: "Copied 3 cells", undo: false })}>copy</button>
      <button onClick={() => say({ said: "Copied 3 cells, sum 226,600.00", undo: false })}>
        sum
      </button>
      <button onClick={() => say({ said: "", undo: false })}>nothing</button>
      <button onClick={() => sayFailure(broke)}>fail</button>
      <ToastRegion />
    </>
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  undo.mockClear();
  show(
    <RegistryContext.Provider value={new Registry()}>
      <ToastProvider>
        <Screen />
      </ToastProvider>
    </RegistryContext.Provider>,
  );
});
afterEach(() => vi.useRealTimers());

function press(name: string) {
  fireEvent.click(screen.getByText(name));
}

function pass(ms: number) {
  act(() => vi.advanceTimersByTime(ms));
}

function toast() {
  return screen.queryByRole("button", { name: "Dismiss" })?.parentElement ?? null;
}

test("stays eight seconds", () => {
  press("decide");
  pass(7_900);
  expect(toast()).not.toBeNull();
  pass(200);
  expect(toast()).toBeNull();
});

test("waits while the pointer or the focus is on it, and then goes on counting", () => {
  press("decide");
  pass(5_000);
  fireEvent.pointerEnter(toast() ?? document.body);
  pass(60_000);
  expect(toast()).not.toBeNull();
  fireEvent.pointerLeave(toast() ?? document.body);
  fireEvent.focus(screen.getByRole("button", { name: /^Undo/ }));
  pass(60_000);
  expect(toast()).not.toBeNull();
  fireEvent.blur(screen.getByRole("button", { name: /^Undo/ }));
  pass(2_900);
  expect(toast()).not.toBeNull();
  pass(200);
  expect(toast()).toBeNull();
});

test("Undo runs the command and takes the toast away", () => {
  press("decide");
  fireEvent.click(screen.getByRole("button", { name: /^Undo/ }));
  expect(undo).toHaveBeenCalledTimes(1);
  expect(toast()).toBeNull();
});

test("the newest replaces the one before and has its own eight seconds", () => {
  press("decide");
  pass(6_000);
  press("copy");
  expect(screen.queryByRole("button", { name: /^Undo/ })).toBeNull();
  pass(6_000);
  expect(toast()?.textContent).toContain("Copied 3 cells");
});

test("an amount in a receipt is covered while amounts are hidden", async () => {
  document.documentElement.setAttribute("data-hide-amounts", "");
  press("sum");
  expect(toast()?.textContent).toContain("Copied 3 cells, sum •••••");
  expect(document.body.textContent).not.toContain("226,600.00");
  document.documentElement.removeAttribute("data-hide-amounts");
});

test("a receipt without words shows nothing", () => {
  press("nothing");
  expect(toast()).toBeNull();
});

test("a failure stays until it is dismissed and is read out at once", () => {
  press("fail");
  pass(60_000);
  expect(screen.getByRole("alert").textContent).toBe("It broke. Again. TIE-1101");
  fireEvent.keyDown(toast() ?? document.body, { key: "Escape" });
  expect(toast()).toBeNull();
});

test("is a region that F6 finds only while there is one", async () => {
  expect(document.querySelector("[data-region='toast']")).toBeNull();
  press("decide");
  expect(document.querySelector("[data-region='toast']")).not.toBeNull();
  vi.useRealTimers();
  await expectNoAxeFindings();
});
