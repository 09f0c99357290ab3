import { useState } from "react";

import { Button } from "../../components/controls/button";
import { Dialog } from "../../components/controls/dialog";
import type { TabEntry } from "../../components/controls/tabs";
import { TextField } from "../../components/controls/text_field";
import { useFailureToast, useToast } from "../../components/toast/toast";
import { useAddress, type Changes } from "../../frame/address";
import { usePreferences, useSetPreferences } from "../../frame/preferences";
import styles from "./list.module.css";

/** What of the address is the view: not the scope, not the record that is open. */
const PARTS = ["view", "sort", "filter", "find", "fold", "order", "hide", "wide", "pin", "rows"];
const SAVED = "saved ";

function viewIn(search: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = PARTS.flatMap((part): [string, string][] => {
    const value = search[part];
    return value === undefined || value === "" ? [] : [[part, value]];
  });
  return Object.fromEntries(kept);
}

const textOf = (search: Readonly<Record<string, string | undefined>>) =>
  new URLSearchParams(viewIn(search)).toString();

/** Tabs of the views that a person saved, beside the ones that are always there. */
export function useSavedViews(screen: string) {
  const { search, patch } = useAddress();
  const { saved_views: all } = usePreferences();
  const set = useSetPreferences();
  const views = all.filter((view) => view.screen === screen);
  const current = views.find((view) => textOf(view.search) === textOf(search));
  const others = (name: string) =>
    all.filter((view) => view.screen !== screen || view.name !== name);
  const tabs: TabEntry<string>[] = views.map(({ name }) => ({ value: SAVED + name, label: name }));
  return {
    tabs,
    current: current === undefined ? null : SAVED + current.name,
    /** True when the tab was a saved view and is shown now. */
    show: (tab: string): boolean => {
      const chosen = views.find(({ name }) => SAVED + name === tab);
      if (chosen === undefined) return false;
      const cleared: Changes = Object.fromEntries(PARTS.map((part) => [part, null]));
      patch({ ...cleared, ...chosen.search, record: null, at: null }, { push: true });
      return true;
    },
    save: (name: string) =>
      set({ saved_views: [...others(name), { screen, name, search: viewIn(search) }] }),
    drop: () => set({ saved_views: others(current?.name ?? "") }),
  };
}

export type SavedViews = ReturnType<typeof useSavedViews>;

/** Saves columns, sort, filter, groups and density under a name. */
export function SaveViewButton({ views }: { views: SavedViews }) {
  const say = useToast();
  const sayFailure = useFailureToast();
  const [name, setName] = useState<string | null>(null);
  const done = (promised: Promise<void>, said: string) => {
    setName(null);
    promised.then(() => say({ said, undo: false }), sayFailure);
  };
  const save = () => {
    const typed = (name ?? "").trim();
    if (typed !== "") done(views.save(typed), `View saved: ${typed}`);
  };
  if (views.current !== null) {
    return <Button onPress={() => done(views.drop(), "View removed")}>Remove view</Button>;
  }
  return (
    <>
      <Button onPress={() => setName("")}>Save view</Button>
      <Dialog
        open={name !== null}
        onClose={() => setName(null)}
        title="Save this view"
        width={380}
        onConfirm={save}
        actions={
          <>
            <Button onPress={() => setName(null)}>Not now</Button>
            <Button kind="primary" onPress={save}>
              Save view
            </Button>
          </>
        }
      >
        <div className={styles.form}>
          <TextField label="Name" shown autoFocus value={name ?? ""} onChange={setName} />
          <p className="small soft">Keeps columns, sort, filters, groups and row height.</p>
        </div>
      </Dialog>
    </>
  );
}
