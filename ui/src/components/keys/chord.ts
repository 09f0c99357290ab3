/** A chord is written "Mod+Shift+H", a sequence "G D". Mod is ⌘ on a Mac and Ctrl elsewhere. */
export type Chord = string;

export const IS_MAC = /mac/i.test(navigator.platform);

const MAC_CAPS: Readonly<Record<string, string>> = {
  Mod: "⌘",
  Shift: "⇧",
  Alt: "⌥",
  Ctrl: "⌃",
};
const CAPS: Readonly<Record<string, string>> = {
  Mod: "Ctrl",
  Enter: "↵",
  Escape: "Esc",
  Backspace: "⌫",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};

/** One text per key, as printed on its cap. */
export function capsOf(chord: Chord, mac: boolean = IS_MAC): string[] {
  return chord
    .split(" ")
    .flatMap((step) => step.split("+"))
    .map((key) => (mac ? MAC_CAPS[key] : undefined) ?? CAPS[key] ?? key);
}

/** What `aria-keyshortcuts` wants to hear. */
export function ariaOf(chord: Chord, mac: boolean = IS_MAC): string {
  return chord.replaceAll("Mod", mac ? "Meta" : "Control");
}

type Press = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** With Alt or Shift a layout may turn the letter into another sign; the code still names it. */
function keyOf(press: Press): string {
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
  if (letter !== undefined && (press.altKey || press.ctrlKey || press.metaKey)) {
    return letter;
  }
  return press.key.length === 1 ? press.key.toUpperCase() : press.key;
}

/** Signs such as "?" already carry the Shift that makes them. */
function countsShift(key: string): boolean {
  return key.length > 1 || /^[A-Z]$/.test(key);
}

export function chordOf(press: Press, mac: boolean = IS_MAC): Chord {
  const key = keyOf(press);
  const mod = mac ? press.metaKey : press.ctrlKey;
  const ctrl = mac && press.ctrlKey;
  const parts = [
    mod ? "Mod" : "",
    ctrl ? "Ctrl" : "",
    press.altKey ? "Alt" : "",
    press.shiftKey && countsShift(key) ? "Shift" : "",
    key,
  ];
  return parts.filter((part) => part !== "").join("+");
}

/** A key that types: it must not act while a person writes, and it can be switched off. */
export function isSingleKey(chord: Chord): boolean {
  return chord.split(" ").every((step) => step.length === 1);
}
