import { useRef, type PointerEvent } from "react";

import { classes } from "../classes";
import { isNumeric, widthOf, type Column } from "./columns";
import styles from "./grid.module.css";
import { cellLook, cellProps, type RowFrame } from "./rows";
import { moved, sortedBy, type GridView } from "./view";

/** A press that moves less than this is a click. */
const DRAG_STARTS_PX = 6;

type HeadProps<R> = {
  frame: RowFrame;
  columns: readonly Column<R>[];
  view: GridView;
  onView: (view: GridView) => void;
  onMenu: (column: string) => void;
  fit: (column: string) => number;
};

function sortOf(view: GridView, column: string) {
  const at = view.sort.findIndex((key) => key.column === column);
  const key = view.sort[at];
  if (key === undefined) return null;
  return { second: at > 0, direction: key.descending ? "descending" : "ascending" } as const;
}

/** Width follows the pointer; it is kept in the view when the pointer lets go. */
function Grip<R>(props: { column: Column<R> } & Pick<HeadProps<R>, "view" | "onView" | "fit">) {
  const { column, view, onView, fit } = props;
  const began = useRef<{ x: number; width: number } | null>(null);
  const set = (width: number) =>
    onView({ ...view, widths: { ...view.widths, [column.id]: width } });
  return (
    <span
      className={styles.grip}
      aria-hidden="true"
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => {
        event.stopPropagation();
        set(fit(column.id));
      }}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        const cell = event.currentTarget.parentElement;
        const width = cell?.offsetWidth || widthOf(column, view);
        began.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => {
        if (began.current === null) return;
        const width = began.current.width + event.clientX - began.current.x;
        set(Math.max(column.minWidth, Math.round(width)));
      }}
      onPointerUp={() => {
        began.current = null;
      }}
    />
  );
}

function useColumnDrag<R>({ columns, view, onView }: HeadProps<R>) {
  const drag = useRef<{ id: string; x: number; moved: boolean } | null>(null);
  const ids = columns.map((column) => column.id);
  const under = (event: PointerEvent): string | null => {
    const at = document.elementFromPoint(event.clientX, event.clientY);
    return at?.closest("[role=columnheader]")?.getAttribute("data-cell") ?? null;
  };
  return {
    /** True when the press that ends was a drag, so that it is no click. */
    wasDrag: () => {
      const was = drag.current?.moved ?? false;
      drag.current = null;
      return was;
    },
    down: (id: string, event: PointerEvent) => {
      if (event.button === 0) drag.current = { id, x: event.clientX, moved: false };
    },
    move: (event: PointerEvent) => {
      const held = drag.current;
      if (held === null || event.buttons !== 1) return;
      if (Math.abs(event.clientX - held.x) < DRAG_STARTS_PX && !held.moved) return;
      held.moved = true;
      const over = under(event);
      if (over !== null && over !== held.id) onView(moved(view, ids, held.id, ids.indexOf(over)));
    },
  };
}

export function HeadRow<R>(props: HeadProps<R>) {
  const { frame, columns, view, onView, onMenu } = props;
  const drag = useColumnDrag(props);
  return (
    <div role="row" className={classes(styles.row, styles.head)} data-line={-1} aria-rowindex={1}>
      {columns.map((column, index) => {
        const sort = sortOf(view, column.id);
        const numeric = isNumeric(column.kind);
        return (
          <div
            key={column.id}
            role="columnheader"
            className={classes(
              cellLook(column, frame),
              numeric && column.kind !== "money" && styles.plain,
              sort !== null && styles.sorted,
              sort?.second === true && styles.second,
            )}
            title={column.hint}
            {...cellProps(frame, column.id, index)}
            {...(sort === null ? {} : { "aria-sort": sort.direction })}
            onPointerDown={(event) => drag.down(column.id, event)}
            onPointerMove={drag.move}
            onClick={(event) => {
              if (drag.wasDrag() || column.sortable === false) return;
              onView(sortedBy(view, column.id, event.shiftKey));
            }}
            onContextMenu={(event) => {
              event.preventDefault();
              onMenu(column.id);
            }}
          >
            <span className={column.quietHeader === true ? "vh" : styles.label}>
              {column.header}
            </span>
            <Grip column={column} view={view} onView={onView} fit={props.fit} />
          </div>
        );
      })}
    </div>
  );
}
