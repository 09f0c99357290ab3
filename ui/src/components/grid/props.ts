import type { ReactNode, Ref } from "react";

import type { CommandName, GridGroup, Reply } from "../../api/types";
import type { Column, RowSpan } from "./columns";
import type { RowOpening } from "./handle";
import type { GridSource } from "./pages";
import type { Noun } from "./selection";
import type { GridView } from "./view";

export type GridHandle = {
  /** Back to the cell that had the focus. */
  focus: () => void;
  /** Opens the record before or after the open one. */
  step: (by: 1 | -1) => void;
  /** The field that filters by text. */
  find: () => void;
};

export type DataGridProps<C extends CommandName, R> = {
  label: string;
  noun: Noun;
  source: GridSource<C, R>;
  columns: readonly Column<R>[];
  view: GridView;
  onView: (view: GridView) => void;
  /** Stable over sort, filter and refresh. */
  keyOf: (row: R) => string;
  /** Key of the record that a row opens, where that is not the row itself. */
  recordOf?: (row: R) => string;
  /** Hears each answer, for what the screen shows besides the rows. */
  onReply?: (reply: Reply[C]) => void;
  span?: RowSpan<R>;
  /** Key of the record whose drawer is open. */
  current?: string | null;
  onOpen?: (opening: RowOpening<R>) => void;
  onSource?: (row: R) => void;
  onClose?: () => void;
  /** Position of the open record in the list, for "9 of 32". */
  onPlace?: (place: { position: number | null; total: number }) => void;
  /** The open record's row as it is now; undefined while the list does not show it. */
  onCurrent?: (row: R | undefined) => void;
  detail?: { key: string | null; render: (row: R) => ReactNode };
  /** Money columns that stand for a row: the first for several, for one the first it has. */
  sumColumns?: readonly string[];
  /** Column at which the sums of a group begin. */
  sumsAt?: string;
  folded?: (group: GridGroup) => boolean;
  /** Colour of a group's glyph where its shape has another meaning here. */
  toneOf?: (group: GridGroup) => string | undefined;
  /** Shown when the list is empty without any filter. */
  nothing: ReactNode;
  /** "always": with its bar of filters and tools. Else the bar comes with the first filter. */
  bar?: "always" | "filtered";
  barLead?: ReactNode;
  flush?: boolean;
  /** Less room in the cells, for lists of many columns. */
  tight?: boolean;
  at?: number;
  onAt?: (position: number) => void;
  handle?: Ref<GridHandle>;
};
