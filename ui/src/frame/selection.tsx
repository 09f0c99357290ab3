import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

import type { Amount } from "../api/types";

/** What the status bar says about the selection of the grid in front. Sums come from Rust. */
export type SelectionSums = {
  /** "3 cells", "1 deal selected, open": what the sums belong to. */
  label: string;
  sums: Amount[];
  average: Amount | null;
};

type Slot = {
  sums: SelectionSums | null;
  set: (sums: SelectionSums | null) => void;
};

const SelectionContext = createContext<Slot>({ sums: null, set: () => undefined });

export function SelectionProvider({ children }: { children: ReactNode }) {
  const [sums, set] = useState<SelectionSums | null>(null);
  const slot = useMemo(() => ({ sums, set }), [sums]);
  return <SelectionContext.Provider value={slot}>{children}</SelectionContext.Provider>;
}

export function useSelectionInView(): SelectionSums | null {
  return useContext(SelectionContext).sums;
}

/** A grid calls this with its sums; they leave the status bar with the grid. */
export function useSelectionSums(sums: SelectionSums | null): void {
  const { set } = useContext(SelectionContext);
  useEffect(() => {
    set(sums);
  }, [set, sums]);
  useEffect(() => () => set(null), [set]);
}
