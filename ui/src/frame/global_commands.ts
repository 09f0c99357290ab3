import { useRouter } from "@tanstack/react-router";

import type { AppState, FailureView, Preferences, Receipt } from "../api/types";
import { command } from "../commands/catalog";
import { useCommands } from "../commands/context";
import type { Command } from "../commands/registry";
import { useFailureToast, useToast } from "../components/toast/toast";
import { usePlatform } from "../platform/context";
import { useAddress, useGo } from "./address";
import { SYSTEM, WORK } from "./places";
import { usePreferences, useSetPreferences } from "./preferences";
import { moveRegion } from "./regions";
import { useProgress } from "./running";
import { useClosed } from "./scope";

/** Does a thing whose receipt is said in a toast, and says in the same place why it failed. */
export function useAct(): (promised: Promise<Receipt>) => void {
  const say = useToast();
  const sayFailure = useFailureToast();
  return (promised) => {
    promised.then(say, (failure: FailureView) => sayFailure(failure));
  };
}

function useGoCommands(app: AppState | undefined): Command[] {
  const go = useGo();
  const { history } = useRouter();
  const places = [...WORK, ...SYSTEM].map((place) => {
    const waiting = app?.waiting.find((one) => one.screen === place.name && one.count > 0);
    const note = waiting === undefined ? {} : { note: `${waiting.count} ${waiting.what}` };
    return command(place.go, () => go(place.path), note);
  });
  return [
    ...places,
    command("go.back", () => history.back()),
    command("go.forward", () => history.forward()),
  ];
}

const HIDDEN = "Amounts hidden on all screens, in charts and in the tray";
const SHOWN = "Amounts shown again";

function useViewCommands(): Command[] {
  const chosen = usePreferences();
  const set = useSetPreferences();
  const say = useToast();
  const sayFailure = useFailureToast();
  const { search, patch } = useAddress();
  const change = (changes: Partial<Preferences>, said = "") => {
    set(changes).then(
      () => say({ said, undo: false }),
      (failure: FailureView) => sayFailure(failure),
    );
  };
  const toggle = () =>
    change({ hide_amounts: !chosen.hide_amounts }, chosen.hide_amounts ? SHOWN : HIDDEN);
  const copyLink = () => {
    void navigator.clipboard
      .writeText(window.location.href)
      .then(() => say({ said: "Link to this view copied", undo: false }));
  };
  const looking = search["known_at"] !== undefined;
  return [
    command("view.hide_amounts", toggle, {
      title: chosen.hide_amounts ? "Show amounts" : "Hide amounts",
      anywhere: true,
      words: "privacy mask",
    }),
    command("view.copy_link", copyLink),
    command("view.theme_system", () => change({ theme: "system" })),
    command("view.theme_light", () => change({ theme: "light" })),
    command("view.theme_dark", () => change({ theme: "dark" })),
    command("view.density_compact", () => change({ density: "compact" })),
    command("view.density_standard", () => change({ density: "standard" })),
    command("view.density_comfortable", () => change({ density: "comfortable" })),
    ...(looking ? [command("view.back_to_now", () => patch({ known_at: null }))] : []),
  ];
}

function useWorkCommands(app: AppState | undefined): Command[] {
  const platform = usePlatform();
  const act = useAct();
  const closed = useClosed();
  const running = useProgress("run") !== null;
  const sample = app?.workspace?.sample ?? false;
  const runClosed = running ? "A run is under way." : closed;
  return [
    command("edit.undo", () => act(platform.call("undo", {})), { closed }),
    command("edit.redo", () => act(platform.call("redo", {})), { closed }),
    command("run.now", () => act(platform.call("run_now", {})), {
      closed: runClosed,
      words: "sync refresh read",
    }),
    ...(running ? [command("run.cancel", () => act(platform.call("cancel_task", {})))] : []),
    sample
      ? command("file.close_sample", () => act(platform.call("close_sample", {})))
      : command("file.open_sample", () => act(platform.call("open_sample", {}))),
  ];
}

export type Opens = { palette: () => void; help: () => void };

/** Commands that are there on every screen. */
export function useGlobalCommands(app: AppState | undefined, open: Opens): void {
  useCommands([
    ...useGoCommands(app),
    ...useViewCommands(),
    ...useWorkCommands(app),
    command("palette.open", open.palette),
    command("help.keys", open.help, { words: "shortcuts" }),
    command("window.next_region", () => moveRegion(1)),
    command("window.previous_region", () => moveRegion(-1)),
  ]);
}
