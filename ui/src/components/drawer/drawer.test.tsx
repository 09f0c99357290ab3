import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";

import { expectNoAxeFindings } from "../../test/axe";
import { show } from "../../test/render";
import { Drawer, DrawerSection, DrawerTitle } from ".";

const stepped = vi.fn<(by: number) => void>();
const closed = vi.fn<() => void>();

function Shown({ focusIn = true, position = 11 }: { focusIn?: boolean; position?: number | null }) {
  const [width, setWidth] = useState(400);
  return (
    <Drawer
      label="Deal: Yard gateways"
      kind="Deal"
      id="D-1027"
      noun="deal"
      position={position}
      total={32}
      width={width}
      onWidth={setWidth}
      onStep={stepped}
      onClose={closed}
      focusIn={focusIn}
      head={<DrawerTitle>Yard gateways</DrawerTitle>}
    >
      <DrawerSection title="Notes" more="1">
        <input aria-label="Note" />
      </DrawerSection>
    </Drawer>
  );
}

it("takes the focus when it was opened, and leaves it when it is a preview", () => {
  const shown = show(<Shown />);
  expect(document.activeElement).toBe(screen.getByRole("complementary"));
  shown.unmount();
  show(<Shown focusIn={false} />);
  expect(document.activeElement).toBe(document.body);
});

it("steps with J and K, closes with Escape, and lets a person write", async () => {
  show(<Shown />);
  await userEvent.keyboard("jk{Escape}");
  expect(stepped.mock.calls).toEqual([[1], [-1]]);
  expect(closed).toHaveBeenCalledTimes(1);
  await userEvent.type(screen.getByRole("textbox"), "jk");
  expect(screen.getByRole<HTMLInputElement>("textbox").value).toBe("jk");
  expect(stepped).toHaveBeenCalledTimes(2);
});

it("is resized by the arrows on its edge, within its limits", async () => {
  show(<Shown />);
  const edge = screen.getByRole("separator", { name: "Width of the drawer" });
  edge.focus();
  await userEvent.keyboard("{ArrowLeft}{ArrowLeft}{ArrowRight}");
  expect(edge.getAttribute("aria-valuenow")).toBe("416");
  await userEvent.keyboard("{ArrowRight>40/}");
  expect(edge.getAttribute("aria-valuenow")).toBe(edge.getAttribute("aria-valuemin"));
});

it("says where the record stands, unless the list does not show it", async () => {
  const shown = show(<Shown />);
  expect(screen.getByText("12 of 32")).toBeTruthy();
  await expectNoAxeFindings();
  shown.unmount();
  show(<Shown position={null} />);
  expect(screen.queryByText(/of 32/)).toBeNull();
});
