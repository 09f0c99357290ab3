import { useEffect, useRef } from "react";

import { useMask } from "../../frame/mask";
import { Icon } from "../icon/icon";
import { Keys } from "../keys/keys";
import { Money } from "../money";
import { nameOf, type Entry, type EntryGroup } from "./entries";
import styles from "./palette.module.css";

function Note({ entry }: { entry: Entry }) {
  const mask = useMask();
  if (entry.kind === "day") {
    return <span className={styles.note} />;
  }
  if (entry.kind === "command") {
    return <span className={styles.note}>{entry.command.closed ?? entry.command.note}</span>;
  }
  const { note, amount } = entry.found;
  return (
    <span className={styles.note}>
      {mask(note)}
      {amount === null ? null : (
        <>
          {note === "" ? "" : ", "}
          <Money amount={amount.amount} currency={amount.currency} quietZero={false} />
          {amount.currency}
        </>
      )}
    </span>
  );
}

function iconOf(entry: Entry) {
  if (entry.kind === "command") {
    return entry.command.icon;
  }
  return entry.kind === "found" ? entry.icon : "activity";
}

type RowProps = {
  id: string;
  entry: Entry;
  active: boolean;
  onPoint: (id: string) => void;
  onChoose: (entry: Entry) => void;
};

function Row({ id, entry, active, onPoint, onChoose }: RowProps) {
  const place = useRef<HTMLLIElement>(null);
  const icon = iconOf(entry);
  const keys = entry.kind === "command" ? entry.command.keys?.[0] : undefined;
  const closed = entry.kind === "command" && (entry.command.closed ?? null) !== null;
  useEffect(() => {
    if (active) {
      place.current?.scrollIntoView?.({ block: "nearest" });
    }
  }, [active]);
  return (
    <li
      ref={place}
      id={id}
      role="option"
      aria-selected={active}
      aria-disabled={closed}
      className={`${styles.row} ${active ? styles.active : ""}`}
      onPointerMove={() => (active ? undefined : onPoint(entry.id))}
      onClick={() => onChoose(entry)}
    >
      {icon === undefined ? <span /> : <Icon name={icon} />}
      <span className={styles.name}>{nameOf(entry)}</span>
      <Note entry={entry} />
      {keys === undefined ? active ? <Keys of="Enter" /> : null : <Keys of={keys} split />}
    </li>
  );
}

type ListProps = {
  id: string;
  groups: readonly EntryGroup[];
  active: string | null;
  onPoint: (id: string) => void;
  onChoose: (entry: Entry) => void;
};

export function PaletteList({ id, groups, active, onPoint, onChoose }: ListProps) {
  const mask = useMask();
  if (groups.length === 0) {
    return (
      <p className={styles.nothing} role="status">
        Nothing found.
      </p>
    );
  }
  return (
    <div id={id} role="listbox" aria-label="Results" className={styles.list}>
      {groups.map((group) => (
        <ul key={group.title} role="group" aria-label={mask(group.title)}>
          <li role="presentation" className={styles.title}>
            {mask(group.title)}
          </li>
          {group.entries.map((entry) => (
            <Row
              key={entry.id}
              id={`${id}-${entry.id}`}
              entry={entry}
              active={entry.id === active}
              onPoint={onPoint}
              onChoose={onChoose}
            />
          ))}
        </ul>
      ))}
    </div>
  );
}
