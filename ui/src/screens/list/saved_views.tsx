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
  const { views: all } = usePreferences();
  const set = useSetPreferences();
  const here = `${screen}/`;
  const views = Object.entries(all)
    .filter(([key]) => key.startsWith(here))
    .map(([key, address]) => ({ key, name: key.slice(here.length), address }));
  const current = views.find(({ address }) => address === textOf(search));
  const tabs: TabEntry<string>[] = views.map(({ name }) => ({ value: SAVED + name, label: name }));
  return {
    tabs,
    current: current === undefined ? null : SAVED + current.name,
    /** True when the tab was a saved view and is shown now. */
    show: (tab: string): boolean => {
      const chosen = views.find(({ name }) => SAVED + name === tab);
      if (chosen === undefined) return false;
      const cleared: Changes = Object.fromEntries(PARTS.map((part) => [part, null]));
      const parts = Object.fromEntries(new URLSearchParams(chosen.address));
      patch({ ...cleared, ...parts, record: null, at: null }, { push: true });
      return true;
    },
    save: (name: string) => set({ views: { ...all, [here + name]: textOf(search) } }),
    drop: () => {
      const rest = Object.entries(all).filter(([key]) => key !== current?.key);
      return set({ views: Object.fromEntries(rest) });
    },
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
