import { useCallback, useSyncExternalStore } from "react";

/** One observer serves every figure on the screen. */
const listeners = new Set<() => void>();
let observer: MutationObserver | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (observer === null) {
    observer = new MutationObserver(() => {
      for (const each of listeners) each();
    });
    observer.observe(document.documentElement, { attributes: true });
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      observer?.disconnect();
      observer = null;
    }
  };
}

/** A display choice that the frame writes on the root element; null while it is not there. */
export function useRootAttribute(name: string): string | null {
  const read = useCallback(() => document.documentElement.getAttribute(name), [name]);
  return useSyncExternalStore(subscribe, read);
}
