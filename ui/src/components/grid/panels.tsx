import { useState, type RefObject } from "react";
import { Dialog, Header, Menu, MenuItem, MenuSection, Popover } from "react-aria-components";

import type { Filter } from "../../api/types";
import { Button } from "../controls/button";
import { Select } from "../controls/choice";
import menu from "../controls/menu.module.css";
import { TextField } from "../controls/text_field";
import { pinOf, visibleColumns, type Column } from "./columns";
import styles from "./panels.module.css";
import { moved, sortedBy, withFilter, type GridView, type Pin } from "./view";

type PanelProps<R> = {
  columns: readonly Column<R>[];
  column: Column<R>;
  view: GridView;
  onView: (view: GridView) => void;
  anchor: RefObject<Element | null>;
  onClose: () => void;
};

export const OP_WORDS: Record<Filter["op"], string> = {
  is: "is",
  is_not: "is not",
  contains: "contains",
  at_least: "at least",
  at_most: "at most",
};

const AMOUNT_OPS: readonly Filter["op"][] = ["at_least", "at_most", "is", "is_not"];
const TEXT_OPS: readonly Filter["op"][] = ["contains", "is", "is_not"];

type Entry = { id: string; label: string; apply: ((view: GridView) => GridView) | null };

function entriesOf<R>({ columns, column, view }: PanelProps<R>): Entry[][] {
  const ids = visibleColumns(columns, view).map((one) => one.id);
  const at = ids.indexOf(column.id);
  const key = (descending: boolean) => [{ column: column.id, descending }];
  const pin = (to: Pin) => (now: GridView) => ({ ...now, pins: { ...now.pins, [column.id]: to } });
  const pinned = pinOf(column, view) !== "none";
  const sorts: Entry[] =
    column.sortable === false
      ? []
      : [
          { id: "up", label: "Sort ascending", apply: (now) => ({ ...now, sort: key(false) }) },
          { id: "down", label: "Sort descending", apply: (now) => ({ ...now, sort: key(true) }) },
          {
            id: "second",
            label: "Sort second by this",
            apply: (now) => sortedBy(now, column.id, true),
          },
        ];
  const filters: Entry[] =
    column.filterable === false ? [] : [{ id: "filter", label: "Filter…", apply: null }];
  return [
    [...sorts, ...filters],
    [
      { id: "left", label: "Move left", apply: (now) => moved(now, ids, column.id, at - 1) },
      { id: "right", label: "Move right", apply: (now) => moved(now, ids, column.id, at + 1) },
      pinned
        ? { id: "unpin", label: "Unpin", apply: pin("none") }
        : { id: "pin", label: "Pin left", apply: pin("left") },
      ...(pinned ? [] : [{ id: "pin_right", label: "Pin right", apply: pin("right") }]),
      {
        id: "hide",
        label: "Hide column",
        apply: (now) => ({ ...now, hidden: [...now.hidden, column.id] }),
      },
    ],
  ];
}

/** Menu of one header: everything a drag does, by keys. */
export function HeaderMenu<R>(props: PanelProps<R> & { onFilter: () => void }) {
  const { column, view, onView, anchor, onClose, onFilter } = props;
  const groups = entriesOf(props);
  const act = (id: string) => {
    const entry = groups.flat().find((one) => one.id === id);
    if (entry === undefined) return;
    if (entry.apply === null) onFilter();
    else onView(entry.apply(view));
  };
  return (
    <Popover
      isOpen
      triggerRef={anchor}
      placement="bottom start"
      offset={0}
      className={menu.popover ?? ""}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Menu
        aria-label={column.header}
        className={menu.menu ?? ""}
        autoFocus="first"
        onClose={onClose}
        onAction={(id) => act(String(id))}
      >
        {groups.map((entries, at) => (
          <MenuSection key={at} aria-label={at === 0 ? "Order" : "Place"}>
            {at === 0 && <Header className={menu.title ?? ""}>{column.header}</Header>}
            {entries.map((entry) => (
              <MenuItem key={entry.id} id={entry.id} className={menu.item ?? ""}>
                <span className={menu.check} />
                <span>{entry.label}</span>
              </MenuItem>
            ))}
          </MenuSection>
        ))}
      </Menu>
    </Popover>
  );
}

type FilterFormProps<R> = Pick<PanelProps<R>, "columns" | "view" | "onView" | "onClose"> & {
  column: Column<R>;
};

/** Column, comparison, value. The filter is a chip from then on. */
export function FilterForm<R>({ columns, column, view, onView, onClose }: FilterFormProps<R>) {
  const offered = columns.filter((one) => one.filterable !== false);
  const [id, setId] = useState(column.id);
  const chosen = offered.find((one) => one.id === id) ?? column;
  const ordered = chosen.kind === "money" || chosen.kind === "count" || chosen.kind === "date";
  const ops = ordered ? AMOUNT_OPS : TEXT_OPS;
  const [op, setOp] = useState<Filter["op"]>(ops[0] ?? "is");
  const [value, setValue] = useState("");
  const used = ops.includes(op) ? op : (ops[0] ?? "is");
  const apply = () => {
    if (value.trim() === "") return;
    const typed = ordered ? value.trim().replaceAll(",", "") : value.trim();
    onView(withFilter(view, { column: chosen.id, op: used, value: typed }));
    onClose();
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Select
        label="Column"
        value={chosen.id}
        onChange={setId}
        options={offered.map((one) => ({ value: one.id, label: one.header }))}
      />
      <Select
        label="Comparison"
        value={used}
        onChange={setOp}
        options={ops.map((one) => ({ value: one, label: OP_WORDS[one] }))}
      />
      <TextField label="Value" value={value} onChange={setValue} autoFocus width={140} />
      <Button kind="primary" onPress={apply}>
        Filter
      </Button>
    </form>
  );
}

export function FilterPanel<R>(props: PanelProps<R>) {
  const { anchor, onClose } = props;
  return (
    <Popover
      isOpen
      triggerRef={anchor}
      placement="bottom start"
      offset={2}
      className={menu.popover ?? ""}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Dialog aria-label="Filter" className={styles.dialog ?? ""}>
        <FilterForm {...props} />
      </Dialog>
    </Popover>
  );
}
