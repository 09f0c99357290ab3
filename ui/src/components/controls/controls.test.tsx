import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";

import { expectNoAxeFindings } from "../../test/axe";
import { Button, IconButton } from "./button";
import { Segments, Select, Switch } from "./choice";
import { Dialog } from "./dialog";
import { Menu } from "./menu";
import { Tabs } from "./tabs";
import { TextField } from "./text_field";

test("a closed button can be reached, says why, and does nothing", async () => {
  const press = vi.fn();
  render(
    <Button closed="You prepared this version. Somebody else must review it." onPress={press}>
      Sign as reviewer
    </Button>,
  );
  const button = screen.getByRole("button", { name: "Sign as reviewer" });
  await userEvent.tab();
  expect(document.activeElement).toBe(button);
  await userEvent.keyboard("{Enter}");
  await userEvent.click(button);
  expect(press).not.toHaveBeenCalled();
  expect(button.getAttribute("aria-disabled")).toBe("true");
  const reason = document.getElementById(button.getAttribute("aria-describedby") ?? "");
  expect(reason?.textContent).toMatch(/Somebody else/);
});

test("a button names its shortcut for readers and does not speak its caps", () => {
  render(
    <Button icon="sync" keys="Mod+Shift+R" onPress={() => undefined}>
      Run now
    </Button>,
  );
  const button = screen.getByRole("button", { name: "Run now" });
  expect(button.getAttribute("aria-keyshortcuts")).toBe("Control+Shift+R");
});

test("a drawing alone has a name, and shows it as a tip on focus", async () => {
  render(<IconButton icon="eye" label="Hide amounts" keys="Mod+Shift+H" />);
  await userEvent.tab();
  expect((await screen.findByRole("tooltip")).textContent).toContain("Hide amounts");
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("tooltip")).toBeNull();
});

test("a dialog takes the focus, asks aloud, confirms with Mod+Enter and closes with Escape", async () => {
  const [close, confirm] = [vi.fn(), vi.fn()];
  render(
    <Dialog
      open
      alert
      title="Create one invoice in QuickBooks?"
      lead="It is posted at once."
      onClose={close}
      onConfirm={confirm}
      actions={
        <>
          <Button autoFocus onPress={close}>
            Not now
          </Button>
          <Button kind="primary" onPress={confirm}>
            Create this invoice
          </Button>
        </>
      }
    >
      <p>Kestrel Ridge</p>
    </Dialog>,
  );
  const dialog = screen.getByRole("alertdialog", { name: "Create one invoice in QuickBooks?" });
  const lead = document.getElementById(dialog.getAttribute("aria-describedby") ?? "");
  expect(lead?.textContent).toBe("It is posted at once.");
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Not now" }));
  await expectNoAxeFindings();
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(confirm).toHaveBeenCalledTimes(1);
  expect(close).not.toHaveBeenCalled();
  await userEvent.keyboard("{Escape}");
  expect(close).toHaveBeenCalledTimes(1);
});

test("a dialog that asks before something leaves is not closed by a click beside it", async () => {
  const close = vi.fn();
  render(<Dialog open alert title="Sure?" onClose={close} actions={<Button>Not now</Button>} />);
  const scrim = screen.getByRole("alertdialog").closest(".scrim");
  await userEvent.click(scrim ?? document.body);
  expect(close).not.toHaveBeenCalled();
});

test("a menu of choices shows which one holds and gives the id", async () => {
  const choose = vi.fn();
  render(
    <Menu
      label="Entity"
      trigger={<Button>All entities</Button>}
      groups={[
        { entries: [{ id: "all", label: "All entities", checked: true }] },
        {
          title: "Companies",
          entries: [{ id: "us", label: "AQ-US", note: "USD", checked: false }],
        },
      ]}
      onAction={choose}
    />,
  );
  await userEvent.click(screen.getByRole("button"));
  const all = await screen.findByRole("menuitemradio", { name: "All entities" });
  expect(all.getAttribute("aria-checked")).toBe("true");
  await expectNoAxeFindings(screen.getByRole("menu"));
  await userEvent.keyboard("{ArrowDown}{Enter}");
  expect(choose).toHaveBeenCalledWith("us");
});

const THEMES = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "system", label: "As the system" },
] as const;
type Theme = (typeof THEMES)[number]["value"];

function Choices() {
  const [theme, setTheme] = useState<Theme>("light");
  const [hide, setHide] = useState(false);
  return (
    <>
      <Segments label="Theme" options={THEMES} value={theme} onChange={setTheme} />
      <Select label="Theme again" options={THEMES} value={theme} onChange={setTheme} />
      <Switch label="Hide amounts" on={hide} onChange={setHide} />
      <Tabs
        label="Views"
        value={theme}
        onChange={setTheme}
        tabs={THEMES.map((one) => ({ ...one, count: one.value === "dark" ? 3 : null }))}
      />
    </>
  );
}

test("choices hold one value, by mouse and by key", async () => {
  render(<Choices />);
  await userEvent.click(screen.getByRole("radio", { name: "Dark" }));
  expect(screen.getByRole("tab", { name: /Dark/ }).getAttribute("aria-selected")).toBe("true");
  await userEvent.keyboard("{ArrowRight}");
  expect(screen.getByRole("radio", { name: "As the system" })).toHaveProperty("checked", true);
  await userEvent.click(screen.getByRole("button", { name: /Theme again/ }));
  await userEvent.click(await screen.findByRole("option", { name: "Light" }));
  expect(screen.getByRole("radio", { name: "Light" })).toHaveProperty("checked", true);
  await userEvent.click(screen.getByRole("switch", { name: "Hide amounts" }));
  expect(screen.getByRole("switch")).toHaveProperty("checked", true);
  await expectNoAxeFindings();
});

test("a tab is chosen with Enter, not by passing over it", async () => {
  render(<Choices />);
  screen.getByRole("tab", { name: "Light" }).focus();
  await userEvent.keyboard("{ArrowRight}");
  expect(screen.getByRole("tab", { name: "Light" }).getAttribute("aria-selected")).toBe("true");
  await userEvent.keyboard("{Enter}");
  expect(screen.getByRole("tab", { name: /Dark/ }).getAttribute("aria-selected")).toBe("true");
});

test("a field says its hint and its error, and commits on Enter and on leaving", async () => {
  const commit = vi.fn();
  function Field() {
    const [value, setValue] = useState("");
    const error = value === "x" ? "x is no amount." : null;
    return (
      <TextField
        shown
        numeric
        label="Limit"
        hint="The larger of both"
        value={value}
        error={error}
        onChange={setValue}
        onCommit={commit}
      />
    );
  }
  render(<Field />);
  const field = screen.getByRole("textbox", { name: "Limit" });
  await userEvent.type(field, "250.00{Enter}");
  expect(commit).toHaveBeenLastCalledWith("250.00");
  await userEvent.clear(field);
  await userEvent.type(field, "x");
  const said = (field.getAttribute("aria-describedby") ?? "").split(" ");
  const texts = said.map((id) => document.getElementById(id)?.textContent);
  expect(texts).toContain("x is no amount.");
  expect(texts).toContain("The larger of both");
  expect(field.getAttribute("aria-invalid")).toBe("true");
  await userEvent.tab();
  expect(commit).toHaveBeenLastCalledWith("x");
  await expectNoAxeFindings();
});
