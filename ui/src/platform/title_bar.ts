import { IS_MAC } from "../components/keys/chord";

// On a Mac the brand row is the title bar: the traffic lights lie in it and it moves the window.
// Elsewhere the system draws its own, and the page may not move anything.
export const MOVES_WINDOW = IS_MAC ? { "data-tauri-drag-region": "" } : {};

/** Leaves room for the traffic lights; the style sheets read the mark on the root element. */
export function markTitleBar(root: HTMLElement, mac: boolean = IS_MAC): void {
  if (mac) {
    root.setAttribute("data-title-bar", "overlay");
  }
}
