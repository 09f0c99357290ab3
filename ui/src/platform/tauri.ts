import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { AppEvent, CommandName, FailureView, Params, Reply } from "../api/types";
import type { Platform } from "./port";

/** The one event channel of the shell. */
const CHANNEL = "tieout";

function isFailure(raised: unknown): raised is FailureView {
  return typeof raised === "object" && raised !== null && "code" in raised && "title" in raised;
}

/** The shell itself failed: the command is unknown, or its permission is missing. */
function unreachable(command: CommandName, raised: unknown): FailureView {
  return {
    code: "TIE-9001",
    title: "The window cannot reach the program",
    detail: `${command}: ${String(raised)}`,
    next_step: "Restart Tieout. Nothing was lost and nothing was sent.",
    reference: command,
  };
}

export const tauri: Platform = {
  async call<C extends CommandName>(name: C, params: Params[C]): Promise<Reply[C]> {
    try {
      return await invoke<Reply[C]>(name, { params });
    } catch (raised) {
      throw isFailure(raised) ? raised : unreachable(name, raised);
    }
  },
  on(handler) {
    const stopped = listen<AppEvent>(CHANNEL, ({ payload }) => handler(payload));
    return () => {
      void stopped.then((stop) => stop());
    };
  },
};
