import type { AppEvent, CommandName, FailureView, Params, Reply } from "../api/types";
import type { Platform } from "./port";

type Recorded<C extends CommandName> = { params: Params[C]; reply: Reply[C] };
/** What a test says instead of the recorded reply. */
export type Answers = {
  [C in CommandName]?: (params: Params[C]) => Reply[C] | Promise<Reply[C]>;
};
export type Call = { name: CommandName; params: unknown };

export interface FakePlatform extends Platform {
  /** Every call in order. */
  readonly calls: readonly Call[];
  /** Replaces answers from now on. */
  answer(answers: Answers): void;
  /** Says something as the program would. */
  say(event: AppEvent): void;
}

// Recorded replies, one file per command: [{ params, reply }, …]. Real ones win; a preview stands
// for a command whose reply the sample company does not dump.
const PREVIEWS = import.meta.glob<unknown>("../../fixtures/preview/*.json", {
  eager: true,
  import: "default",
});
const REPLIES = import.meta.glob<unknown>("../../fixtures/replies/*.json", {
  eager: true,
  import: "default",
});

function fileOf(name: string): unknown {
  return (
    REPLIES[`../../fixtures/replies/${name}.json`] ??
    PREVIEWS[`../../fixtures/preview/${name}.json`]
  );
}

function recordedOf<C extends CommandName>(name: C): Recorded<C>[] {
  const file = fileOf(name);
  return Array.isArray(file) ? (file as Recorded<C>[]) : [];
}

/** Field order does not matter in params. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The recorded reply for exactly these params, else a copy of any reply of the command. */
function recorded<C extends CommandName>(name: C, params: Params[C]): Reply[C] | undefined {
  const all = recordedOf(name);
  const wanted = canonical(params);
  const found = all.find((one) => canonical(one.params) === wanted) ?? all[0];
  return found === undefined ? undefined : structuredClone(found.reply);
}

export function failure(code: string, title: string): FailureView {
  return { code, title, detail: "", next_step: "Try again.", reference: "run 1" };
}

export function fakePlatform(answers: Answers = {}): FakePlatform {
  const calls: Call[] = [];
  const handlers = new Set<(event: AppEvent) => void>();
  const said: Answers = { ...answers };
  return {
    calls,
    answer(more) {
      Object.assign(said, more);
    },
    say(event) {
      handlers.forEach((handler) => handler(event));
    },
    on(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    async call<C extends CommandName>(name: C, params: Params[C]): Promise<Reply[C]> {
      calls.push({ name, params });
      const own = said[name];
      if (own !== undefined) {
        return await own(params);
      }
      const reply = recorded(name, params);
      if (reply === undefined) {
        throw failure("TIE-9001", `No reply is recorded for ${name}`);
      }
      return reply;
    },
  };
}
