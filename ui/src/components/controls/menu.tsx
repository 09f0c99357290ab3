import type { ReactNode } from "react";
import {
  Header,
  Menu as AriaMenu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
} from "react-aria-components";

import { Glyph } from "../glyph/glyph";
import type { Chord } from "../keys/chord";
import { Keys } from "../keys/keys";
import styles from "./menu.module.css";

export type MenuEntry = {
  id: string;
  label: string;
  note?: string;
  keys?: Chord;
  /** Ticked entries make the menu a choice. */
  checked?: boolean;
  closed?: boolean;
};
export type MenuGroup = { title?: string; entries: MenuEntry[] };

function Entry({ entry }: { entry: MenuEntry }) {
  return (
    <MenuItem
      id={entry.id}
      textValue={entry.label}
      className={styles.item}
      isDisabled={entry.closed ?? false}
    >
      <span className={styles.check}>
        {entry.checked === true ? <Glyph name="tick" tone="none" /> : null}
      </span>
      <span>{entry.label}</span>
      {entry.note === undefined ? null : <span className="dim small">{entry.note}</span>}
      {entry.keys === undefined ? null : <Keys of={entry.keys} />}
    </MenuItem>
  );
}

/** The trigger must be one of our buttons. */
export function Menu(props: {
  trigger: ReactNode;
  label: string;
  groups: MenuGroup[];
  onAction: (id: string) => void;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}) {
  const chosen = props.groups
    .flatMap((group) => group.entries)
    .filter((entry) => entry.checked === true)
    .map((entry) => entry.id);
  const isChoice = props.groups.some((g) => g.entries.some((e) => e.checked !== undefined));
  return (
    <MenuTrigger isOpen={props.open} onOpenChange={props.onOpenChange}>
      {props.trigger}
      <Popover className={styles.popover} offset={2} placement="bottom start">
        <AriaMenu
          aria-label={props.label}
          className={styles.menu}
          selectionMode={isChoice ? "single" : "none"}
          selectedKeys={chosen}
          onAction={(id) => props.onAction(String(id))}
        >
          {props.groups.map((group, at) => (
            <MenuSection
              key={group.title ?? at}
              aria-label={group.title === undefined ? props.label : undefined}
            >
              {group.title === undefined ? null : (
                <Header className={styles.title}>{group.title}</Header>
              )}
              {group.entries.map((entry) => (
                <Entry entry={entry} key={entry.id} />
              ))}
            </MenuSection>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
