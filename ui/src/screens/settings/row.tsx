import { useState, type ReactNode } from "react";

import type { FailureView, Preferences } from "../../api/types";
import { Segments, Switch, type Option } from "../../components/controls/choice";
import { usePreferences, useSetPreferences } from "../../frame/preferences";
import styles from "./settings.module.css";

/** One setting: its name, what it does, its control. */
export function Row(props: { name: string; note?: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <div>
        <b className="medium">{props.name}</b>
        {props.note === undefined ? null : <p>{props.note}</p>}
      </div>
      <div className={styles.control}>{props.children}</div>
    </div>
  );
}

/** Changes preferences at once; what could not be kept goes back and is said here. */
export function useChange() {
  const set = useSetPreferences();
  const [failure, setFailure] = useState<FailureView | null>(null);
  const change = (changes: Partial<Preferences>) => {
    set(changes).then(
      () => setFailure(null),
      (raised: FailureView) => setFailure(raised),
    );
  };
  const said =
    failure === null ? null : (
      <p role="alert" className="small bad">
        {failure.title}. {failure.next_step}
      </p>
    );
  return { chosen: usePreferences(), change, said };
}

type Flag = "single_keys" | "hide_amounts" | "autostart" | "keep_in_tray";

export function FlagRow(props: { name: string; note: string; flag: Flag }) {
  const { name, note, flag } = props;
  const { chosen, change, said } = useChange();
  return (
    <Row name={name} note={note}>
      <Switch label={name} on={chosen[flag]} onChange={(on) => change({ [flag]: on })} />
      {said}
    </Row>
  );
}

export function ChoiceRow<K extends "theme" | "density" | "negative" | "paper">(props: {
  name: string;
  note?: string;
  field: K;
  options: readonly Option<Preferences[K]>[];
}) {
  const { field, name, note } = props;
  const { chosen, change, said } = useChange();
  const pick = (value: Preferences[K]) => change({ [field]: value } as Partial<Preferences>);
  return (
    <Row name={name} {...(note === undefined ? {} : { note })}>
      <Segments label={name} options={props.options} value={chosen[field]} onChange={pick} />
      {said}
    </Row>
  );
}
