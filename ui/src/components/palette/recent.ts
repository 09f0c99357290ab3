import { useSyncExternalStore } from "react";

const RECENT_MAX = 5;

// Kept in memory only: what a person looked for is nobody's business after the window closes.
let ids: readonly string[] = [];
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function addRecent(id: string): void {
  ids = [id, ...ids.filter((one) => one !== id)].slice(0, RECENT_MAX);
  listeners.forEach((listener) => listener());
}

/** Commands that were run from the palette, latest first. */
export function useRecent(): { ids: readonly string[]; add: (id: string) => void } {
  return { ids: useSyncExternalStore(subscribe, () => ids), add: addRecent };
}
