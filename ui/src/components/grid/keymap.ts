import { IS_MAC } from "../keys/chord";
import type { Move } from "./focus";

// The keyboard table of the grid, as one function from a key press to an intention.

export type GridAct =
  | { do: "move"; move: Move; extend: boolean }
  | { do: "peek" | "open" | "source" | "mark" | "escape" | "all" | "copy" | "find" }
  | { do: "sort"; second: boolean }
  | { do: "filter"; byValue: boolean }
  | { do: "resize" | "shift"; by: -1 | 1 }
  | { do: "menu" };

type Press = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const MOVES: Readonly<Record<string, Move>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Home: "home",
  End: "end",
  PageUp: "page_up",
  PageDown: "page_down",
};

function withAlt(press: Press): GridAct | null {
  const by = press.key === "ArrowLeft" ? -1 : press.key === "ArrowRight" ? 1 : null;
  if (by !== null) return press.shiftKey ? { do: "shift", by } : { do: "resize", by };
  return press.key === "ArrowDown" ? { do: "menu" } : null;
}

function withMod(press: Press): GridAct | null {
  if (press.key === "ArrowUp") return { do: "move", move: "first", extend: press.shiftKey };
  if (press.key === "ArrowDown") return { do: "move", move: "last", extend: press.shiftKey };
  if (press.key === "Home") return { do: "move", move: "first", extend: press.shiftKey };
  if (press.key === "End") return { do: "move", move: "last", extend: press.shiftKey };
  if (press.key === "Enter") return { do: "source" };
  if (press.shiftKey) return null;
  const letter = press.key.toLowerCase();
  return letter === "a" ? { do: "all" } : letter === "c" ? { do: "copy" } : null;
}

function alone(press: Press): GridAct | null {
  const move = MOVES[press.key];
  if (move !== undefined) return { do: "move", move, extend: press.shiftKey };
  switch (press.key) {
    case " ":
      return { do: "peek" };
    case "Enter":
      return { do: "open" };
    case "F2":
      return { do: "open" };
    case "Escape":
      return { do: "escape" };
    case "/":
      return { do: "find" };
    case "x":
    case "X":
      return { do: "mark" };
    case "s":
    case "S":
      return { do: "sort", second: press.shiftKey };
    case "f":
    case "F":
      return { do: "filter", byValue: press.shiftKey };
    default:
      return null;
  }
}

export function actOf(press: Press, mac: boolean = IS_MAC): GridAct | null {
  const mod = mac ? press.metaKey : press.ctrlKey;
  if (press.altKey) return mod ? null : withAlt(press);
  if (mod) return withMod(press);
  return press.ctrlKey || press.metaKey ? null : alone(press);
}

/** A key that would type into an editable cell. */
export function types(press: Press): boolean {
  return (
    press.key.length === 1 && press.key !== " " && !press.ctrlKey && !press.metaKey && !press.altKey
  );
}
