import type { RefObject } from "react";
import { Menu, MenuItem, Popover } from "react-aria-components";

import menu from "../controls/menu.module.css";
import { Keys } from "../keys/keys";
import type { CopyOptions } from "./copy";

type CellMenuProps = {
  anchor: RefObject<Element | null>;
  onClose: () => void;
  onCopy: (options: CopyOptions) => void;
};

const COPIES: { id: string; label: string; keys?: string; options: CopyOptions }[] = [
  { id: "copy", label: "Copy", keys: "Mod+C", options: { headers: "auto", format: "tsv" } },
  { id: "bare", label: "Copy without headers", options: { headers: "no", format: "tsv" } },
  { id: "csv", label: "Copy as CSV", options: { headers: "yes", format: "csv" } },
];

/** The ways to copy what is selected. */
export function CellMenu({ anchor, onClose, onCopy }: CellMenuProps) {
  return (
    <Popover
      isOpen
      triggerRef={anchor}
      placement="bottom start"
      offset={0}
      className={menu.popover ?? ""}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Menu
        aria-label="Copy"
        className={menu.menu ?? ""}
        autoFocus="first"
        onClose={onClose}
        onAction={(id) => {
          const chosen = COPIES.find((one) => one.id === id);
          if (chosen !== undefined) onCopy(chosen.options);
        }}
      >
        {COPIES.map(({ id, label, keys }) => (
          <MenuItem key={id} id={id} textValue={label} className={menu.item ?? ""}>
            <span className={menu.check} />
            <span>{label}</span>
            {keys === undefined ? null : <Keys of={keys} />}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}
