import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";

import type { Receipt } from "../../api/types";

export type Toast = { id: number; said: string; undo: boolean };

type ToastSlot = {
  toast: Toast | null;
  say: (receipt: Receipt) => void;
  dismiss: () => void;
};

const ToastContext = createContext<ToastSlot | null>(null);

function useSlot(): ToastSlot {
  const slot = useContext(ToastContext);
  if (slot === null) {
    throw new Error("toasts need a ToastProvider above them");
  }
  return slot;
}

/** One toast at a time: the newest replaces the one before. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toast, setToast] = useState<Toast | null>(null);
  const say = useCallback((receipt: Receipt) => {
    setToast((before) => ({ ...receipt, id: (before?.id ?? 0) + 1 }));
  }, []);
  const dismiss = useCallback(() => setToast(null), []);
  const slot = useMemo(() => ({ toast, say, dismiss }), [toast, say, dismiss]);
  return <ToastContext.Provider value={slot}>{children}</ToastContext.Provider>;
}

/** Says what a local action did. Failures are shown where they happen, never here. */
export function useToast(): (receipt: Receipt) => void {
  return useSlot().say;
}

export function useToastInView(): Pick<ToastSlot, "toast" | "dismiss"> {
  return useSlot();
}
