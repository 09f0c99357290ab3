import { capsOf, type Chord } from "./chord";
import styles from "./keys.module.css";

/** Key caps. Readers hear the shortcut through `aria-keyshortcuts` of the control instead. */
export function Keys({ of, split = false }: { of: Chord; split?: boolean }) {
  const caps = capsOf(of);
  // Signs such as ⌘K share one cap, words such as Ctrl have their own.
  const apart = split || caps.some((cap) => cap.length > 1);
  return (
    <span className={styles.keys} aria-hidden="true">
      {(apart ? caps : [caps.join("")]).map((cap, at) => (
        <kbd className="k" key={`${cap}${at}`}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}
