import { useEffect, useRef, useState } from "react";

import { keysOf } from "../../commands/catalog";
import { useRegistry } from "../../commands/context";
import { useMask } from "../../frame/mask";
import { Button, IconButton } from "../controls/button";
import { Glyph } from "../glyph/glyph";
import { useToastInView, type Toast } from "./toast";
import styles from "./toast.module.css";

const SHOWN_MS = 8_000;

/** Counts down only while nobody points at it or has the focus inside. */
function useTimeOut(shown: number, paused: boolean, onEnd: () => void): void {
  const rest = useRef(SHOWN_MS);
  useEffect(() => {
    rest.current = SHOWN_MS;
  }, [shown]);
  useEffect(() => {
    if (paused) {
      return undefined;
    }
    const began = performance.now();
    const timer = setTimeout(onEnd, rest.current);
    return () => {
      clearTimeout(timer);
      rest.current -= performance.now() - began;
    };
  }, [shown, paused, onEnd]);
}

function ToastLine({ toast, onEnd }: { toast: Toast; onEnd: () => void }) {
  const registry = useRegistry();
  const mask = useMask();
  const [over, setOver] = useState(false);
  const [inside, setInside] = useState(false);
  const failed = toast.kind === "failed";
  useTimeOut(toast.id, over || inside || failed, onEnd);
  return (
    <div
      className={styles.toast}
      onPointerEnter={() => setOver(true)}
      onPointerLeave={() => setOver(false)}
      onFocus={() => setInside(true)}
      onBlur={() => setInside(false)}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          onEnd();
        }
      }}
    >
      <Glyph name={failed ? "blocked" : "tick"} />
      <span className={styles.said}>{mask(toast.said)}</span>
      {toast.undo ? (
        <Button
          kind="quiet"
          keys={keysOf("edit.undo")}
          onPress={() => {
            registry.run("edit.undo");
            onEnd();
          }}
        >
          Undo
        </Button>
      ) : null}
      <IconButton small icon="close" label="Dismiss" onPress={onEnd} />
    </div>
  );
}

/** Bottom left above the status bar, one at a time. */
export function ToastRegion() {
  const { toast, dismiss } = useToastInView();
  const mask = useMask();
  return (
    <section
      className={styles.region}
      aria-label="Notices"
      tabIndex={-1}
      {...(toast === null ? {} : { "data-region": "toast" })}
    >
      <div role="status" className="vh">
        {toast?.kind === "done" ? mask(toast.said) : ""}
      </div>
      <div role="alert" className="vh">
        {toast?.kind === "failed" ? mask(toast.said) : ""}
      </div>
      {toast === null ? null : <ToastLine key={toast.id} toast={toast} onEnd={dismiss} />}
    </section>
  );
}
