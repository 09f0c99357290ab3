import { useEffect } from "react";

import { chordOf, isSingleKey, type Chord } from "../components/keys/chord";
import { useRegistry } from "./context";
import type { Command, Registry } from "./registry";

/** "G" waits this long for its second letter. */
const SEQUENCE_MS_MAX = 1200;

const WRITES = "input, textarea, select, [contenteditable='true']";
/** Inside these, letters choose an entry. */
const MODAL = "[role='dialog'], [role='alertdialog'], [role='menu'], [role='listbox']";

function isWriting(target: Element): boolean {
  const field = target.closest(WRITES);
  if (field instanceof HTMLInputElement) {
    return !["checkbox", "radio", "button", "range"].includes(field.type);
  }
  return field !== null;
}

/**
 * A dialog is open, or a menu has the focus: what lies behind must not change. The focus alone does
 * not tell: a click on the words of a dialog, or the menu bar, leaves it on the page itself.
 */
export function isModalInFront(target = document.activeElement): boolean {
  return target?.closest(MODAL) != null || document.querySelector("[data-modal]") !== null;
}

/** Whether this chord may act while the focus is on `target`. */
function mayAct(command: Command, chord: Chord, target: Element): boolean {
  if (isModalInFront(target)) {
    return command.anywhere === true && !isSingleKey(chord);
  }
  if (!isWriting(target)) {
    return true;
  }
  // Undo, redo and keys without Mod belong to the field while a person writes in it.
  const ofField = ["Mod+Z", "Mod+Shift+Z"].includes(chord);
  return !ofField && (chord.includes("Mod+") || chord.includes("F6"));
}

function withKeys(registry: Registry, chord: Chord): Command | undefined {
  return registry.all().find((command) => command.keys?.includes(chord) ?? false);
}

function beginsSequence(registry: Registry, chord: Chord): boolean {
  return registry
    .all()
    .some((command) => command.keys?.some((keys) => keys.startsWith(`${chord} `)) ?? false);
}

/** Remembers the first key of a sequence for a moment. */
class Pending {
  private first: Chord | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  hold(chord: Chord): void {
    this.first = chord;
    this.timer = setTimeout(() => this.take(), SEQUENCE_MS_MAX);
  }

  take(): Chord | null {
    const held = this.first;
    clearTimeout(this.timer);
    this.first = null;
    return held;
  }
}

export function keyHandler(registry: Registry, singleKeys: () => boolean) {
  const pending = new Pending();
  return (event: KeyboardEvent): void => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || event.isComposing) {
      return;
    }
    const first = pending.take();
    const pressed = chordOf(event);
    const chord = first === null ? pressed : `${first} ${pressed}`;
    if (isSingleKey(chord) && !singleKeys()) {
      return;
    }
    const command = withKeys(registry, chord);
    if (command !== undefined) {
      if (mayAct(command, chord, target)) {
        event.preventDefault();
        registry.run(command.id);
      }
      return;
    }
    const free = !isModalInFront(target) && !isWriting(target);
    if (first === null && free && isSingleKey(pressed) && beginsSequence(registry, pressed)) {
      pending.hold(pressed);
    }
  };
}

/** Keys reach the registry after everything that has the focus had its turn. */
export function useKeyboard(singleKeys: boolean): void {
  const registry = useRegistry();
  useEffect(() => {
    const handler = keyHandler(registry, () => singleKeys);
    document.addEventListener("keydown", handler);
    return () => document.removeEventListener("keydown", handler);
  }, [registry, singleKeys]);
}
