import { useRef, useState } from "react";

import type { CellEdit } from "./columns";
import styles from "./grid.module.css";

type CellEditorProps<R> = {
  edit: CellEdit<R>;
  row: R;
  /** The key that opened the editor, when it was typed. */
  typed: string | null;
  label: string;
  /** null: restored, nothing saved. */
  onDone: (value: string | null) => void;
};

/** Enter saves, Escape restores, leaving the cell saves. */
export function CellEditor<R>({ edit, row, typed, label, onDone }: CellEditorProps<R>) {
  const before = edit.value(row) ?? "";
  const [value, setValue] = useState(typed ?? before);
  const done = useRef(false);
  const finish = (saved: string | null) => {
    if (done.current) return;
    done.current = true;
    onDone(saved === null || saved === before ? null : saved);
  };
  const common = {
    className: styles.editor,
    "aria-label": label,
    autoFocus: true,
    value,
    onBlur: () => finish(value),
    onKeyDown: (event: React.KeyboardEvent) => {
      event.stopPropagation();
      if (event.key === "Enter") finish(value);
      if (event.key === "Escape") finish(null);
    },
  };
  if (edit.kind === "choice") {
    const choices = [...new Set([before, ...(edit.choices ?? [])])];
    return (
      <select {...common} onChange={(event) => setValue(event.target.value)}>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice || "none"}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      {...common}
      type={edit.kind === "date" ? "date" : "text"}
      onChange={(event) => setValue(event.target.value)}
    />
  );
}
