import { useRef, useState, type ReactNode, type Ref } from "react";

import type { Filter } from "../../api/types";
import { Button, IconButton } from "../controls/button";
import { Menu } from "../controls/menu";
import { Icon } from "../icon/icon";
import { figure } from "../../format/money";
import { day } from "../../format/dates";
import type { Column } from "./columns";
import { FilterPanel, OP_WORDS } from "./panels";
import styles from "./panels.module.css";
import { toggled, withoutFilter, type Density, type GridView } from "./view";

type ViewProps<R> = {
  columns: readonly Column<R>[];
  view: GridView;
  onView: (view: GridView) => void;
};

export function filterLabel<R>(
  columns: readonly Column<R>[],
  { column, op, value }: Filter,
): string {
  const of = columns.find(({ id }) => id === column);
  const shown =
    of?.kind === "money"
      ? figure(value, "", "minus").text
      : of?.kind === "date"
        ? day(value)
        : value;
  return `${of?.header ?? column} ${OP_WORDS[op]} ${shown}`;
}

const DENSITY_WORDS: Record<Density, string> = {
  compact: "Compact rows",
  standard: "Standard rows",
  comfortable: "Comfortable rows",
};

/** Density and columns. They belong to the view and are in the address like the rest of it. */
export function GridTools<R>({ columns, view, onView }: ViewProps<R>) {
  const shown = columns.filter(({ id }) => !view.hidden.includes(id)).length;
  return (
    <div className={styles.tools}>
      <Menu
        label="Row height"
        trigger={<IconButton icon="rows" label="Row height" />}
        groups={[
          {
            entries: Object.entries(DENSITY_WORDS).map(([id, label]) => ({
              id,
              label,
              checked: (view.density ?? "standard") === id,
            })),
          },
        ]}
        onAction={(id) => onView({ ...view, density: id as Density })}
      />
      <Menu
        label="Columns"
        trigger={<IconButton icon="cols" label="Columns" />}
        groups={[
          {
            entries: columns.map(({ id, header }) => ({
              id,
              label: header,
              checked: !view.hidden.includes(id),
              // The last visible column stays, so that there is a way back.
              closed: shown === 1 && !view.hidden.includes(id),
            })),
          },
          { entries: [{ id: "all columns", label: "Show all, as they came" }] },
        ]}
        onAction={(id) =>
          onView(
            id === "all columns"
              ? { ...view, hidden: [], order: [], widths: {}, pins: {} }
              : { ...view, hidden: toggled(view.hidden, id) },
          )
        }
      />
    </div>
  );
}

/** Opens the filter form beside itself. */
export function AddFilter<R>({ columns, view, onView }: ViewProps<R>) {
  const anchor = useRef<HTMLSpanElement>(null);
  const [isOpen, setOpen] = useState(false);
  const first = columns.find((column) => column.filterable !== false);
  return (
    <span ref={anchor}>
      <Button kind="quiet" icon="plus" onPress={() => setOpen(true)}>
        Filter
      </Button>
      {isOpen && first !== undefined && (
        <FilterPanel
          columns={columns}
          column={first}
          view={view}
          onView={onView}
          anchor={anchor}
          onClose={() => setOpen(false)}
        />
      )}
    </span>
  );
}

type BarProps<R> = ViewProps<R> & {
  findRef: Ref<HTMLInputElement>;
  finding: boolean;
  onFindEnd: () => void;
  lead?: ReactNode;
};

/** Chips of the filters, each removable, and the tools of the view. */
export function GridBar<R>(props: BarProps<R>) {
  const { columns, view, onView, findRef, finding, onFindEnd, lead } = props;
  return (
    <div className={styles.bar}>
      {lead}
      {view.filters.map((filter, at) => {
        const label = filterLabel(columns, filter);
        return (
          <span className={styles.chip} key={`${label}${at}`}>
            <span>{label}</span>
            <button
              type="button"
              aria-label={`Remove filter ${label}`}
              onClick={() => onView(withoutFilter(view, at))}
            >
              <Icon name="close" />
            </button>
          </span>
        );
      })}
      {(finding || view.text !== "") && (
        <input
          ref={findRef}
          className={styles.find}
          type="search"
          aria-label="Find in this list"
          placeholder="Find in this list"
          value={view.text}
          onChange={(event) => onView({ ...view, text: event.target.value })}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === "Escape") onView({ ...view, text: "" });
            if (event.key === "Escape" || event.key === "Enter") onFindEnd();
          }}
        />
      )}
      <AddFilter columns={columns} view={view} onView={onView} />
      <GridTools columns={columns} view={view} onView={onView} />
    </div>
  );
}
