import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import { command } from "../../commands/catalog";
import { expectNoAxeFindings } from "../../test/axe";
import { showApp } from "../../test/render";
import { helpGroups } from "./help_sheet";

test("lists what can be used here with its keys, and searches titles and keys", () => {
  const commands = [command("deal.resync", () => undefined), command("run.now", () => undefined)];
  expect(helpGroups(commands, "").map((group) => group.title)).toEqual([
    "For the selection",
    "File",
    "In a list",
  ]);
  const found = helpGroups(commands, "run").flatMap((group) => group.lines);
  expect(found.map((line) => line.title)).toEqual(["Run now"]);
  expect(helpGroups(commands, "shift+r").flatMap((group) => group.lines)).toHaveLength(1);
});

test("opens with ? and says when nothing matches", async () => {
  showApp("/settings");
  await screen.findByRole("heading", { level: 1 });
  await userEvent.keyboard("?");
  await screen.findByRole("heading", { name: "Keyboard shortcuts" });
  expect(within(screen.getByRole("dialog")).getByText("Hide amounts")).toBeTruthy();
  await expectNoAxeFindings();
  await userEvent.keyboard("qqq");
  expect(screen.getByText(/No shortcut matches/)).toBeTruthy();
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
});
