import { useLocation, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";

import type { Address } from "../router";

export type Changes = Record<string, string | null>;
type Search = Readonly<Record<string, string | undefined>>;

/** The changes applied; an empty or absent value leaves the address. */
export function patched(search: Search, changes: Changes): Address {
  const merged = { ...search, ...changes };
  const kept = Object.entries(merged).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "",
  );
  return Object.fromEntries(kept);
}

/** Scope that follows a person from screen to screen; everything else belongs to one screen. */
const FOLLOWS = ["ledger", "as_of", "known_at"];

export function following(search: Search): Address {
  const kept = Object.entries(search).filter(
    (pair): pair is [string, string] => FOLLOWS.includes(pair[0]) && pair[1] !== undefined,
  );
  return Object.fromEntries(kept);
}

/** View state lives in the address, so Back, Forward and copied links work. */
export function useAddress(): {
  search: Address;
  patch: (changes: Changes, options?: { push?: boolean }) => void;
} {
  const search = useLocation({ select: (location) => location.search as Address });
  const navigate = useNavigate();
  const patch = useCallback(
    (changes: Changes, { push = false }: { push?: boolean } = {}) => {
      void navigate({
        to: ".",
        search: (now: Search) => patched(now, changes),
        replace: !push,
      });
    },
    [navigate],
  );
  return { search, patch };
}

/** Goes to another screen; the scope goes along. */
export function useGo(): (path: string, view?: Changes) => void {
  const navigate = useNavigate();
  return useCallback(
    (path, view = {}) => {
      void navigate({
        to: path,
        search: (now: Search) => patched(following(now), view),
      });
    },
    [navigate],
  );
}
