import type { AppState, Preferences } from "../api/types";
import { fakePlatform } from "../platform/fake";

const recorded = fakePlatform();

/** The recorded state of the window with some of it said otherwise. */
export async function appState(changes: Partial<AppState> = {}): Promise<AppState> {
  return { ...(await recorded.call("app_state", {})), ...changes };
}

export async function preferences(changes: Partial<Preferences> = {}): Promise<Preferences> {
  return { ...(await recorded.call("preferences", {})), ...changes };
}
