import type { Filter, SortKey } from "../../api/types";

// The view of a grid is text in the address: Back, Forward and a copied link all bring it back.

export type Density = "compact" | "standard" | "comfortable";
export type Pin = "left" | "right" | "none";
export type GridView = {
  sort: readonly SortKey[];
  filters: readonly Filter[];
  text: string;
  /** Keys of collapsed groups; null: as the groups come. */
  collapsed: readonly string[] | null;
  order: readonly string[];
  hidden: readonly string[];
  widths: Readonly<Record<string, number>>;
  pins: Readonly<Record<string, Pin>>;
  density: Density | null;
};
export type ViewSearch = Record<keyof typeof NAMES, string>;

export const PLAIN_VIEW: GridView = {
  sort: [],
  filters: [],
  text: "",
  collapsed: null,
  order: [],
  hidden: [],
  widths: {},
  pins: {},
  density: null,
};

export const NAMES = {
  sort: true,
  filter: true,
  find: true,
  fold: true,
  order: true,
  hide: true,
  wide: true,
  pin: true,
  rows: true,
} as const;

const SORT_KEYS_MAX = 2;
const FILTERS_MAX = 20;
const OPS: readonly Filter["op"][] = ["is", "is_not", "contains", "at_least", "at_most"];
const DENSITIES: readonly Density[] = ["compact", "standard", "comfortable"];
const NOTHING_FOLDED = "none";
const PINS: readonly Pin[] = ["left", "right", "none"];

const pack = (text: string) => encodeURIComponent(text).replaceAll("~", "%7E");
const list = (texts: readonly string[]) => texts.map(pack).join("~");

function unpack(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // A link that somebody cut in half: what cannot be read is left out.
    return null;
  }
}

function texts(packed: string | undefined): string[] {
  if (packed === undefined || packed === "") return [];
  return packed.split("~").flatMap((part) => unpack(part) ?? []);
}

/** The search of a view; parts that are as they come are empty. */
export function searchOf(view: GridView): ViewSearch {
  const pairs = (of: Readonly<Record<string, string | number>>) =>
    list(Object.entries(of).flatMap(([id, value]) => [id, String(value)]));
  return {
    sort: list(view.sort.map((key) => `${key.descending ? "-" : "+"}${key.column}`)),
    filter: list(view.filters.flatMap(({ column, op, value }) => [column, op, value])),
    find: view.text,
    fold:
      view.collapsed === null
        ? ""
        : view.collapsed.length === 0
          ? NOTHING_FOLDED
          : list(view.collapsed),
    order: list(view.order),
    hide: list(view.hidden),
    wide: pairs(view.widths),
    pin: pairs(view.pins),
    rows: view.density ?? "",
  };
}

function chunks(parts: readonly string[], size: number): string[][] {
  const whole = Math.floor(parts.length / size);
  return Array.from({ length: whole }, (_, at) => parts.slice(at * size, (at + 1) * size));
}

function sortOf(packed: string | undefined): SortKey[] {
  return texts(packed)
    .slice(0, SORT_KEYS_MAX)
    .map((key) => ({ column: key.slice(1), descending: key.startsWith("-") }));
}

function filtersOf(packed: string | undefined): Filter[] {
  return chunks(texts(packed), 3)
    .slice(0, FILTERS_MAX)
    .flatMap(([column = "", op = "", value = ""]) => {
      const known = OPS.find((one) => one === op);
      return known === undefined ? [] : [{ column, op: known, value }];
    });
}

export function viewOf(search: Readonly<Record<string, string | undefined>>): GridView {
  const pairs = (packed: string | undefined) =>
    chunks(texts(packed), 2).map(([id = "", value = ""]): [string, string] => [id, value]);
  const widths = pairs(search.wide).filter(([, width]) => /^\d{1,4}$/.test(width));
  const pins = pairs(search.pin).flatMap(([id, value]): [string, Pin][] => {
    const pin = PINS.find((one) => one === value);
    return pin === undefined ? [] : [[id, pin]];
  });
  return {
    sort: sortOf(search.sort),
    filters: filtersOf(search.filter),
    text: search.find ?? "",
    collapsed:
      search.fold === undefined || search.fold === ""
        ? null
        : search.fold === NOTHING_FOLDED
          ? []
          : texts(search.fold),
    order: texts(search.order),
    hidden: texts(search.hide),
    widths: Object.fromEntries(widths.map(([id, width]) => [id, Number(width)])),
    pins: Object.fromEntries(pins),
    density: DENSITIES.find((one) => one === search.rows) ?? null,
  };
}

/** A click sorts by one column and turns around; with Shift it is the second key. */
export function sortedBy(view: GridView, column: string, second: boolean): GridView {
  const had = view.sort.find((key) => key.column === column);
  const key: SortKey = { column, descending: had === undefined ? true : !had.descending };
  if (!second || view.sort.length === 0) return { ...view, sort: [key] };
  const [first] = view.sort;
  if (first === undefined || first.column === column) {
    return { ...view, sort: [key, ...view.sort.slice(1)] };
  }
  return { ...view, sort: [first, key] };
}

export function withFilter(view: GridView, filter: Filter): GridView {
  const same = (one: Filter) => one.column === filter.column && one.op === filter.op;
  const rest = view.filters.filter((one) => !(same(one) && one.value === filter.value));
  return { ...view, filters: [...rest, filter].slice(-FILTERS_MAX) };
}

export function withoutFilter(view: GridView, at: number): GridView {
  return { ...view, filters: view.filters.filter((_, index) => index !== at) };
}

/** Moves a column by one place among those that are visible. */
export function moved(
  view: GridView,
  visible: readonly string[],
  column: string,
  to: number,
): GridView {
  const from = visible.indexOf(column);
  if (from < 0 || to < 0 || to >= visible.length) return view;
  const order = visible.filter((id) => id !== column);
  order.splice(to, 0, column);
  return { ...view, order: [...order, ...view.hidden] };
}

export function toggled(list: readonly string[], one: string): string[] {
  return list.includes(one) ? list.filter((each) => each !== one) : [...list, one];
}
