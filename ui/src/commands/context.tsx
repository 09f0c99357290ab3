import { createContext, useContext, useEffect, useRef, useSyncExternalStore } from "react";

import { Registry, type Command } from "./registry";

/** One registry for each window; tests give their own. */
export const RegistryContext = createContext(new Registry());

export function useRegistry(): Registry {
  return useContext(RegistryContext);
}

export function useAllCommands(): readonly Command[] {
  const registry = useRegistry();
  return useSyncExternalStore(registry.subscribe, registry.all);
}

function shapeOf(commands: readonly Command[]): string {
  return JSON.stringify(commands.map(({ run: _, ...rest }) => rest));
}

/**
 * Registers commands for as long as the component is shown. They may be new objects on every
 * drawing; the newest `run` is the one that runs.
 */
export function useCommands(commands: readonly Command[]): void {
  const registry = useRegistry();
  const latest = useRef(commands);
  latest.current = commands;
  const shape = shapeOf(commands);
  useEffect(() => {
    const bound = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find((one) => one.id === command.id)?.run(),
    }));
    return registry.add(bound);
    // The shape stands for the commands: it changes exactly when something listed changes.
  }, [registry, shape]);
}
