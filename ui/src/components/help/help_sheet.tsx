import { useState } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

import { useAllCommands } from "../../commands/context";
import type { Command, CommandGroup } from "../../commands/registry";
import { IconButton } from "../controls/button";
import { TextField } from "../controls/text_field";
import type { Chord } from "../keys/chord";
import { Keys } from "../keys/keys";
import styles from "./help_sheet.module.css";
import { KEYS_OF_LISTS } from "./keys_of_lists";

export type HelpLine = { title: string; keys: readonly Chord[] };
export type HelpGroup = { title: string; lines: readonly HelpLine[] };

const ORDER: readonly CommandGroup[] = ["Go", "Record", "Edit", "View", "File", "Window", "Help"];
const NAMES: Partial<Record<CommandGroup, string>> = { Record: "For the selection", Go: "Go to" };

function contains(line: HelpLine, text: string): boolean {
  const all = `${line.title} ${line.keys.join(" ")}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** Commands that have keys, as they can be used here and now, then the keys of lists. */
export function helpGroups(commands: readonly Command[], text: string): HelpGroup[] {
  const groups = ORDER.map((group) => ({
    title: NAMES[group] ?? group,
    lines: commands
      .filter((one) => one.group === group && one.unlisted !== true)
      .filter((one) => (one.keys?.length ?? 0) > 0)
      .map(({ title, keys = [] }) => ({ title, keys })),
  }));
  return [...groups, KEYS_OF_LISTS]
    .map(({ title, lines }) => ({ title, lines: lines.filter((one) => contains(one, text)) }))
    .filter((group) => group.lines.length > 0);
}

function Group({ group }: { group: HelpGroup }) {
  return (
    <section className={styles.group} aria-label={group.title}>
      <h3>{group.title}</h3>
      <dl>
        {group.lines.map((line) => (
          <div className={styles.line} key={line.title}>
            <dt>{line.title}</dt>
            <dd>
              {line.keys.map((chord) => (
                <span key={chord}>
                  <Keys of={chord} split />
                  <span className="vh">{chord.replaceAll("+", " ")}</span>
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Sheet({ close }: { close: () => void }) {
  const commands = useAllCommands();
  const [text, setText] = useState("");
  const groups = helpGroups(commands, text.trim());
  return (
    <>
      <div className={styles.head}>
        <Heading slot="title" level={2}>
          Keyboard shortcuts
        </Heading>
        <TextField
          autoFocus
          label="Search shortcuts"
          placeholder="Search"
          value={text}
          onChange={setText}
          width={200}
        />
        <IconButton icon="close" label="Close" onPress={close} />
      </div>
      <div className={styles.body} tabIndex={0} role="region" aria-label="Shortcuts">
        {groups.map((group) => (
          <Group key={group.title} group={group} />
        ))}
        {groups.length === 0 ? <p className="soft">No shortcut matches “{text}”.</p> : null}
      </div>
      <p className={styles.foot}>Keys of one letter can be switched off in Settings, Display.</p>
    </>
  );
}

export function HelpSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <ModalOverlay
      data-modal
      className={styles.scrim}
      isOpen={open}
      isDismissable
      onOpenChange={(now) => (now ? undefined : onClose())}
    >
      <Modal className={styles.place}>
        <Dialog className={styles.sheet}>
          <Sheet close={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
