import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";

import type { AppEvent, ProgressView } from "../api/types";
import { useAppEvent } from "../platform/context";
import { useReply } from "../platform/reply";

type Tasks = ReadonlyMap<string, ProgressView>;

const RunningContext = createContext<Tasks>(new Map());

function after(tasks: Tasks, event: AppEvent): Tasks {
  if (event.kind === "progress") {
    return new Map(tasks).set(event.progress.task, event.progress);
  }
  if (event.kind === "ended" && tasks.has(event.task)) {
    const rest = new Map(tasks);
    rest.delete(event.task);
    return rest;
  }
  return tasks;
}

/** Hears the progress of every task. What runs when the window opens comes with `app_state`. */
export function RunningProvider({ children }: { children: ReactNode }) {
  const [heard, setHeard] = useState<Tasks | null>(null);
  const { data: app } = useReply("app_state", {});
  const first = app?.running ?? null;
  const hear = useCallback(
    (event: AppEvent) => {
      if (event.kind === "progress" || event.kind === "ended") {
        setHeard((tasks) => after(tasks ?? started(first), event));
      }
    },
    [first],
  );
  useAppEvent(hear);
  const tasks = useMemo(() => heard ?? started(first), [heard, first]);
  return <RunningContext.Provider value={tasks}>{children}</RunningContext.Provider>;
}

function started(progress: ProgressView | null): Tasks {
  return progress === null ? new Map() : new Map([[progress.task, progress]]);
}

/** Progress of one task, or `null` while it does not run. */
export function useProgress(task: ProgressView["task"]): ProgressView | null {
  return useContext(RunningContext).get(task) ?? null;
}

export function useRunning(): readonly ProgressView[] {
  return [...useContext(RunningContext).values()];
}

/** Whole percent of counted things; `null` while the total is not known. */
export function percentOf({ done, of }: Pick<ProgressView, "done" | "of">): number | null {
  if (done === null || of === null || of <= 0) {
    return null;
  }
  return Math.min(100, Math.floor((done * 100) / of));
}
