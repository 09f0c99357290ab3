import { expect, test } from "vitest";

import { ariaOf, capsOf, chordOf, isSingleKey } from "./chord";

function press(key: string, held: Partial<KeyboardEvent> = {}) {
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key;
  const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  return { key, code, ...none, ...held };
}

test("Mod is Ctrl here and the command key on a Mac", () => {
  expect(chordOf(press("k", { ctrlKey: true }), false)).toBe("Mod+K");
  expect(chordOf(press("k", { metaKey: true }), true)).toBe("Mod+K");
  expect(chordOf(press("k", { ctrlKey: true }), true)).toBe("Ctrl+K");
});

test("a letter is known by its key even where Alt turns it into another sign", () => {
  expect(chordOf(press("€", { code: "KeyE", altKey: true }), false)).toBe("Alt+E");
});

test("a sign that needs Shift is written without it, a letter with it", () => {
  expect(chordOf(press("?", { shiftKey: true }), false)).toBe("?");
  expect(chordOf(press("F", { shiftKey: true }), false)).toBe("Shift+F");
  expect(chordOf(press("F6", { shiftKey: true }), false)).toBe("Shift+F6");
});

test("caps are printed as the platform writes them", () => {
  expect(capsOf("Mod+Shift+H", true)).toEqual(["⌘", "⇧", "H"]);
  expect(capsOf("Mod+Shift+H", false)).toEqual(["Ctrl", "Shift", "H"]);
  expect(capsOf("G D", false)).toEqual(["G", "D"]);
  expect(ariaOf("Mod+K", false)).toBe("Control+K");
});

test("only keys that type are single keys", () => {
  expect(["R", "G D", "?"].map(isSingleKey)).toEqual([true, true, true]);
  expect(["F6", "Mod+K", "Alt+E"].map(isSingleKey)).toEqual([false, false, false]);
});
