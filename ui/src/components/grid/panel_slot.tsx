import { useRef, useState } from "react";

import type { CommandName } from "../../api/types";
import type { Column } from "./columns";
import type { CopyOptions } from "./copy";
import type { GridPanel } from "./handle";
import { CellMenu } from "./cell_menu";
import { FilterPanel, HeaderMenu } from "./panels";
import type { DataGridProps } from "./props";
import type { Grid } from "./use_grid";

export function usePanel<R>(grid: Grid<R>, all: readonly Column<R>[]) {
  const [panel, setPanel] = useState<GridPanel | null>(null);
  const anchor = useRef<Element | null>(null);
  const chosen = all.find((column) => column.id === panel?.column);
  return {
    chosen,
    anchor,
    kind: panel?.kind ?? null,
    close: () => setPanel(null),
    open: (opened: GridPanel) => {
      const header = `[role=columnheader][data-cell="${opened.column}"]`;
      anchor.current = opened.at ?? grid.scroller.current?.querySelector(header) ?? null;
      setPanel(opened);
    },
  };
}

type PanelsProps<C extends CommandName, R> = {
  of: DataGridProps<C, R>;
  panel: ReturnType<typeof usePanel<R>>;
  onCopy: (options: CopyOptions) => void;
};

export function Panels<C extends CommandName, R>({ of, panel, onCopy }: PanelsProps<C, R>) {
  const { chosen, anchor, kind, close, open } = panel;
  if (chosen === undefined) return null;
  const shared = {
    columns: of.columns,
    column: chosen,
    view: of.view,
    onView: of.onView,
    anchor,
    onClose: close,
  };
  if (kind === "cell") return <CellMenu anchor={anchor} onClose={close} onCopy={onCopy} />;
  return kind === "menu" ? (
    <HeaderMenu {...shared} onFilter={() => open({ kind: "filter", column: chosen.id })} />
  ) : (
    <FilterPanel {...shared} />
  );
}
