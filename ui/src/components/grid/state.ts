import { useCallback, useReducer } from "react";

import type { Anchor, Focus } from "./focus";
import type { Marked } from "./selection";

export type Editing = { key: string; column: string; typed: string | null };
export type GridState<R> = {
  focus: Focus;
  anchor: Anchor | null;
  marked: Marked<R>;
  editing: Editing | null;
};
export type GridAction<R> =
  | { type: "focus"; focus: Focus; extend?: boolean }
  | { type: "mark"; key: string; row: R }
  | { type: "all" }
  | { type: "clear" }
  | { type: "edit"; editing: Editing | null };

function withFocus<R>(state: GridState<R>, focus: Focus, extend: boolean): GridState<R> {
  if (!extend) return { ...state, focus, anchor: null };
  const { target } = state.focus;
  const began =
    target.kind === "row" ? { position: target.position, column: state.focus.column } : null;
  return { ...state, focus, anchor: state.anchor ?? began };
}

function withMark<R>(marked: Marked<R>, key: string, row: R): Marked<R> {
  const next = new Map(marked === "all" ? [] : marked);
  if (!next.delete(key)) next.set(key, row);
  return next;
}

export function reduced<R>(state: GridState<R>, action: GridAction<R>): GridState<R> {
  switch (action.type) {
    case "focus":
      return withFocus(state, action.focus, action.extend ?? false);
    case "mark":
      return { ...state, marked: withMark(state.marked, action.key, action.row) };
    case "all":
      return { ...state, marked: "all", anchor: null };
    case "clear":
      return { ...state, marked: new Map(), anchor: null };
    case "edit":
      return { ...state, editing: action.editing };
  }
}

export function useGridState<R>(position: number, column: string) {
  const first: GridState<R> = {
    focus: { target: { kind: "row", position, key: null }, column },
    anchor: null,
    marked: new Map(),
    editing: null,
  };
  const [state, act] = useReducer(reduced<R>, first);
  const put = useCallback(
    (focus: Focus, extend = false) => act({ type: "focus", focus, extend }),
    [],
  );
  return { state, act, put };
}
