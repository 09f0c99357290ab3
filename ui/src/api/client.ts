// A preview of the generated file of this name.
import type { CommandName, Tag } from "./types";

/** What each command reads. A `changed` event makes the replies of these commands stale. */
export const READS: Partial<Record<CommandName, readonly Tag[]>> = {
  app_state: ["app", "figures", "effects", "runs", "connections", "preferences"],
  preferences: ["preferences"],
};
