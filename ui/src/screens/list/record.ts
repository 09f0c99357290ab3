import { useCallback, useEffect, useRef, useState } from "react";

import type { GridHandle } from "../../components/grid";
import { useAddress } from "../../frame/address";

export type Place = { position: number | null; total: number };

/**
 * The record that is open beside its list. It stands in the address, so that Back, a link and the
 * palette open it too; where the list shows it is told by the grid.
 */
export function useOpenRecord() {
  const { search, patch } = useAddress();
  const key = search["record"] ?? null;
  const handle = useRef<GridHandle>(null);
  const [entered, setEntered] = useState(false);
  const [place, setPlace] = useState<Place>({ position: null, total: 0 });
  const onOpen = useCallback(
    ({ key: opened, peek }: { key: string; peek: boolean }) => {
      setEntered(!peek);
      patch({ record: opened }, { push: key === null });
    },
    [patch, key],
  );
  const close = useCallback(() => {
    patch({ record: null });
    handle.current?.focus();
  }, [patch]);
  const onPlace = useCallback((next: Place) => {
    setPlace((now) => (now.position === next.position && now.total === next.total ? now : next));
  }, []);
  const step = (by: 1 | -1) => handle.current?.step(by);
  return { key, handle, entered, place, onOpen, onPlace, close, step };
}

/** Where the focus of the list was: Back returns to the same row. */
export function useListPlace(): { at: number; onAt: (position: number) => void } {
  const { search, patch } = useAddress();
  const first = useRef(search["at"]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const at = /^\d{1,7}$/.test(first.current ?? "") ? Number(first.current) : 0;
  // Nothing is written into the address of the screen that comes next.
  useEffect(() => () => clearTimeout(timer.current), []);
  const onAt = useCallback(
    (position: number) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => patch({ at: String(position) }), 400);
    },
    [patch],
  );
  return { at, onAt };
}
