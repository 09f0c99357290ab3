import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";

import type { FailureView, PreferenceChange, Preferences } from "../api/types";
import { usePlatform } from "../platform/context";
import { useReply } from "../platform/reply";

/** What holds until the program has answered. */
const BEFORE: Preferences = {
  theme: "system",
  density: "standard",
  negative: "brackets",
  single_keys: true,
  hide_amounts: false,
  autostart: false,
  keep_in_tray: false,
  schedule: "off",
  paper: "a4",
  notify: { finished: false, failed: true, sign_in: true, unknown: true, limit: true },
  person: "",
  saved_views: [],
};

export function usePreferences(): Preferences {
  return useReply("preferences", {}).data ?? BEFORE;
}

/** Takes effect at once and goes back to what was there if it could not be kept. */
export function useSetPreferences(): (changes: PreferenceChange) => Promise<void> {
  const client = useQueryClient();
  const platform = usePlatform();
  return useCallback(
    async (changes) => {
      const key = ["preferences", {}];
      const before = client.getQueryData<Preferences>(key);
      client.setQueryData<Preferences>(key, { ...(before ?? BEFORE), ...changes });
      try {
        await platform.call("set_preferences", changes);
      } catch (raised) {
        client.setQueryData(key, before);
        throw raised as FailureView;
      }
    },
    [client, platform],
  );
}

function setOrRemove(root: HTMLElement, name: string, value: string | null): void {
  if (value === null) {
    root.removeAttribute(name);
  } else {
    root.setAttribute(name, value);
  }
}

/** Display choices stand on the root element, where styles and figures read them. */
export function applyPreferences(root: HTMLElement, chosen: Preferences): void {
  setOrRemove(root, "data-theme", chosen.theme === "system" ? null : chosen.theme);
  setOrRemove(root, "data-density", chosen.density === "standard" ? null : chosen.density);
  setOrRemove(root, "data-negative", chosen.negative);
  setOrRemove(root, "data-hide-amounts", chosen.hide_amounts ? "" : null);
}

export function useAppliedPreferences(): void {
  const chosen = usePreferences();
  useEffect(() => applyPreferences(document.documentElement, chosen), [chosen]);
}
