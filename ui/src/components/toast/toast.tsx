import {
  createContext,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from "react";

import type { FailureView, Receipt } from "../../api/types";

export type Toast = { id: number; kind: "done" | "failed"; said: string; undo: boolean };

type ToastSlot = {
  toast: Toast | null;
  show: (toast: Omit<Toast, "id">) => void;
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
  const count = useRef(0);
  const show = useCallback((next: Omit<Toast, "id">) => {
    count.current += 1;
    setToast({ ...next, id: count.current });
  }, []);
  const dismiss = useCallback(() => setToast(null), []);
  const slot = useMemo(() => ({ toast, show, dismiss }), [toast, show, dismiss]);
  return <ToastContext.Provider value={slot}>{children}</ToastContext.Provider>;
}

/** Says what a local action did, with Undo where it can be undone. */
export function useToast(): (receipt: Receipt) => void {
  const { show } = useSlot();
  return useCallback(
    ({ said, undo }: Receipt) => {
      if (said !== "") {
        show({ kind: "done", said, undo });
      }
    },
    [show],
  );
}

/** For commands without a place of their own, such as undo; screens show failures in place. */
export function useFailureToast(): (failure: FailureView) => void {
  const { show } = useSlot();
  return useCallback(
    ({ title, next_step, code }: FailureView) => {
      const said = [`${title}.`, next_step, code].filter((part) => part !== "").join(" ");
      show({ kind: "failed", said, undo: false });
    },
    [show],
  );
}

export function useToastInView(): Pick<ToastSlot, "toast" | "dismiss"> {
  return useSlot();
}
