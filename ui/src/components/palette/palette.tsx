import { useDeferredValue, useId, useMemo, useState, type KeyboardEvent } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";

import { useAllCommands, useRegistry } from "../../commands/context";
import { useAddress } from "../../frame/address";
import { useScope } from "../../frame/scope";
import { useOpenTarget } from "../../frame/target";
import { useReply } from "../../platform/reply";
import { Icon } from "../icon/icon";
import { Keys } from "../keys/keys";
import { entryGroups, splitPrefix, type Entry, type EntryGroup } from "./entries";
import { PaletteList } from "./list";
import styles from "./palette.module.css";
import { useRecent } from "./recent";

function useGroups(typed: string): EntryGroup[] {
  const commands = useAllCommands();
  const recent = useRecent();
  const { as_of } = useScope();
  const asked = useDeferredValue(splitPrefix(typed));
  const isRecord = asked.text !== "" && asked.prefix !== ">" && asked.prefix !== "?";
  const { data } = useReply("find", { text: asked.text }, { enabled: isRecord });
  const found = isRecord ? data?.groups : undefined;
  return useMemo(
    () => entryGroups({ typed, commands, found: found ?? [], recent: recent.ids, asOf: as_of }),
    [typed, commands, found, recent.ids, as_of],
  );
}

function useAct(close: () => void): (entry: Entry) => void {
  const registry = useRegistry();
  const recent = useRecent();
  const openTarget = useOpenTarget();
  const { patch } = useAddress();
  return (entry) => {
    if (entry.kind === "command" && (entry.command.closed ?? null) !== null) {
      return;
    }
    close();
    if (entry.kind === "command") {
      recent.add(entry.command.id);
      // The palette has closed by then, so the command may move the focus or open a dialog.
      setTimeout(() => registry.run(entry.command.id));
    } else if (entry.kind === "found") {
      openTarget(entry.found.target);
    } else {
      patch({ as_of: entry.day }, { push: true });
    }
  };
}

function Foot() {
  return (
    <div className={styles.foot} aria-hidden="true">
      <span>
        <Keys of="ArrowUp" /> <Keys of="ArrowDown" /> move
      </span>
      <span>
        <Keys of="Enter" /> open
      </span>
      <span className={styles.hint}>
        try <span className="id">inv 2275</span>, <span className="id">&gt;export</span>,{" "}
        <span className="id">as of 31 may</span>
      </span>
    </div>
  );
}

function Palette({ close }: { close: () => void }) {
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useId();
  const groups = useGroups(typed);
  const act = useAct(close);
  const entries = groups.flatMap((group) => group.entries);
  const at = Math.max(
    0,
    entries.findIndex((entry) => entry.id === chosen),
  );
  const active = entries[at];
  const move = (step: number) => {
    const next = entries[(at + step + entries.length) % entries.length];
    setChosen(next?.id ?? null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      move(step);
    } else if (event.key === "Enter" && active !== undefined) {
      event.preventDefault();
      act(active);
    }
  };
  return (
    <>
      <div className={styles.input}>
        <Icon name="find" />
        <input
          autoFocus
          role="combobox"
          aria-label="Find or do anything"
          aria-expanded={entries.length > 0}
          aria-controls={entries.length > 0 ? list : undefined}
          aria-autocomplete="list"
          aria-activedescendant={active === undefined ? undefined : `${list}-${active.id}`}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setChosen(null);
          }}
          onKeyDown={onKeyDown}
        />
        <Keys of="Escape" />
      </div>
      <PaletteList
        id={list}
        groups={groups}
        active={active?.id ?? null}
        onPoint={setChosen}
        onChoose={act}
      />
      <Foot />
    </>
  );
}

export function PaletteDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <ModalOverlay
      data-modal
      className={styles.scrim}
      isOpen={open}
      isDismissable
      onOpenChange={(now) => (now ? undefined : onClose())}
    >
      <Modal className={styles.place}>
        <Dialog className={styles.palette} aria-label="Find or do anything">
          <Palette close={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
