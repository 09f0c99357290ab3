import { useEffect, useState, type ComponentType } from "react";

import type { OverlayName } from "./overlays";

type Props = { open: OverlayName | null; onClose: () => void };

/** After the first screen stands, so that neither waits for the other. */
const LOAD_AFTER_MS = 400;

/**
 * Loads the floating parts once the window is at rest, or as soon as one is asked for. They are
 * then drawn at once, so that the palette hears the first letter typed into it; a lazy component
 * would first show its fallback.
 */
export function OverlaysLater(props: Props) {
  const [parts, setParts] = useState<{ Overlays: ComponentType<Props> } | null>(null);
  const wait = props.open === null ? LOAD_AFTER_MS : 0;
  useEffect(() => {
    if (parts !== null) {
      return undefined;
    }
    const timer = setTimeout(() => void import("./overlays").then(setParts), wait);
    return () => clearTimeout(timer);
  }, [parts, wait]);
  return parts === null ? null : <parts.Overlays {...props} />;
}
