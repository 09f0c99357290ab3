import { Navigate, Outlet, useLocation } from "@tanstack/react-router";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components";

import type { AppEvent, AppState, FailureView } from "../api/types";
import { useRegistry } from "../commands/context";
import { isModalInFront, useKeyboard } from "../commands/keyboard";
import { Button } from "../components/controls/button";
import { Failed, Notice } from "../components/states/states";
import { ToastProvider } from "../components/toast/toast";
import { ToastRegion } from "../components/toast/toast_region";
import { useAppEvent } from "../platform/context";
import { useReply } from "../platform/reply";
import { useAddress } from "./address";
import styles from "./frame.module.css";
import { useGlobalCommands } from "./global_commands";
import { OverlaysLater } from "./later";
import type { OverlayName } from "./overlays";
import { SYSTEM, WORK } from "./places";
import { useAppliedPreferences, usePreferences } from "./preferences";
import { RunningProvider } from "./running";
import { knownLabel, ScopeBar } from "./scope_bar";
import { SelectionProvider } from "./selection";
import { Sidebar } from "./sidebar";
import { StatusBar } from "./status_bar";

const FIRST_RUN = "/first-run";

/** A menu item or the tray asks for a command by its id. */
function useNativeCommands(): void {
  const registry = useRegistry();
  const hear = useCallback(
    (event: AppEvent) => {
      const { kind } = event;
      if (kind === "command" && (!isModalInFront() || registry.find(event.id)?.anywhere)) {
        registry.run(event.id);
      }
    },
    [registry],
  );
  useAppEvent(hear);
}

function useWindowTitle(): void {
  const path = useLocation({ select: (location) => location.pathname });
  useEffect(() => {
    const place = [...WORK, ...SYSTEM].find((one) => one.path === path);
    document.title = place === undefined ? "Tieout" : `${place.label} - Tieout`;
  }, [path]);
}

function LookingBack({ app }: { app: AppState | undefined }) {
  const { search, patch } = useAddress();
  const known = search["known_at"];
  if (known === undefined) {
    return null;
  }
  return (
    <Notice
      tone="mute"
      glyph="open"
      action={<Button onPress={() => patch({ known_at: null })}>Back to now</Button>}
    >
      You see what was known on <b className="medium">{knownLabel(app, known)}</b>. Nothing can be
      changed here.
    </Notice>
  );
}

function ReadOnly({ app }: { app: AppState | undefined }) {
  const reason = app?.read_only ?? null;
  return reason === null ? null : (
    <Notice tone="mute" glyph="open">
      {reason}
    </Notice>
  );
}

function Window({ app }: { app: AppState | undefined }) {
  return (
    <div className={styles.app}>
      <Sidebar app={app} />
      <ScopeBar app={app} />
      <div className={styles.main}>
        <LookingBack app={app} />
        <ReadOnly app={app} />
        <main className={styles.screen} data-region="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <StatusBar app={app} />
    </div>
  );
}

/** Nothing is open: why, and the way out. */
function Alone({ failure, onRetry }: { failure: FailureView; onRetry: () => void }) {
  const registry = useRegistry();
  return (
    <>
      <main className={styles.alone}>
        <Failed
          failure={failure}
          onRetry={onRetry}
          action={
            <Button onPress={() => registry.run("file.open_sample")}>
              Open the sample company
            </Button>
          }
        />
      </main>
      <ToastRegion />
    </>
  );
}

function Content() {
  const { data: app, error, refetch } = useReply("app_state", {});
  const path = useLocation({ select: (location) => location.pathname });
  const [open, setOpen] = useState<OverlayName | null>(null);
  useAppliedPreferences();
  useKeyboard(usePreferences().single_keys);
  useNativeCommands();
  useWindowTitle();
  useGlobalCommands(app, { palette: () => setOpen("palette"), help: () => setOpen("help") });
  const failure = error ?? app?.failure ?? null;
  if (failure !== null && (app?.workspace ?? null) === null) {
    return <Alone failure={failure} onRetry={() => void refetch()} />;
  }
  const isFirstRun = path === FIRST_RUN;
  if (app?.workspace === null && !isFirstRun) {
    return <Navigate to={FIRST_RUN} replace />;
  }
  return (
    <>
      {isFirstRun ? <Outlet /> : <Window app={app} />}
      <ToastRegion />
      <OverlaysLater open={open} onClose={() => setOpen(null)} />
    </>
  );
}

function Providers({ children }: { children: ReactNode }) {
  return (
    <I18nProvider locale="en-GB">
      <ToastProvider>
        <RunningProvider>
          <SelectionProvider>{children}</SelectionProvider>
        </RunningProvider>
      </ToastProvider>
    </I18nProvider>
  );
}

export function Frame() {
  return (
    <Providers>
      <Content />
    </Providers>
  );
}
