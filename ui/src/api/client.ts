// Generated from the command table in Rust by `cargo xtask generate`. Do not edit.
import type { CommandName, Tag } from "./types";

/** What each reply rests on. A `changed` event with one of these tags makes it stale. */
export const READS: Partial<Record<CommandName, readonly Tag[]>> = {
  preferences: ["preferences"],
  set_preferences: [],
  cancel_task: [],
  app_state: ["app", "figures", "effects", "runs", "connections", "preferences"],
  receivables: ["figures", "connections"],
  deals: ["figures", "decisions", "effects"],
  account: ["figures", "connections"],
  what_if: ["figures", "decisions", "settings"],
  deal: ["figures", "decisions", "effects", "connections"],
  link_candidates: ["figures", "decisions"],
  reconciliation: ["figures", "decisions", "effects", "settings"],
  activity: ["app", "figures", "effects", "runs", "decisions", "connections", "preferences"],
  settings: ["settings", "figures", "decisions", "preferences", "runs", "connections"],
  find: ["app", "figures", "decisions", "effects"],
  selection_sum: [],
};

/** What each command changes; it is announced by a `changed` event as well. */
export const WRITES: Partial<Record<CommandName, readonly Tag[]>> = {
  open_sample: ["app", "figures", "decisions", "effects", "runs", "connections"],
  close_sample: ["app", "figures", "decisions", "effects", "runs", "connections"],
  run_now: ["app", "figures", "decisions", "effects", "runs", "connections"],
  ask_now: ["app", "figures", "effects", "runs"],
  resolve_effect: ["app", "figures", "effects", "runs", "decisions"],
  set_limits: ["app", "figures", "decisions", "settings"],
  resync_deal: ["app", "figures", "effects", "runs"],
  create_invoice: ["app", "figures", "effects", "runs"],
  accept_reason: ["app", "figures", "decisions"],
  give_reason: ["app", "figures", "decisions"],
  exclude_deal: ["app", "figures", "decisions"],
  include_deal: ["app", "figures", "decisions"],
  link: ["app", "figures", "decisions"],
  unlink: ["app", "figures", "decisions"],
  undo: ["app", "figures", "decisions", "settings"],
  redo: ["app", "figures", "decisions", "settings"],
};
