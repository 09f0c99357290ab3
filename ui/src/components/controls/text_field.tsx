import type { Ref } from "react";
import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField as AriaTextField,
} from "react-aria-components";

import styles from "./controls.module.css";

export type TextFieldProps = {
  label: string;
  /** Printed above the field; else only said. */
  shown?: boolean;
  value: string;
  onChange: (value: string) => void;
  /** Enter, or leaving the field. The caller compares with what was there. */
  onCommit?: (value: string) => void;
  onEnter?: () => void;
  hint?: string;
  error?: string | null;
  placeholder?: string;
  /** Figures stand right and in equal widths. */
  numeric?: boolean;
  lines?: number;
  secret?: boolean;
  required?: boolean;
  closed?: boolean;
  autoFocus?: boolean;
  width?: number | string;
  unit?: string;
  inputRef?: Ref<HTMLInputElement>;
};

export function TextField(props: TextFieldProps) {
  const { error = null, numeric = false, lines = 1 } = props;
  const classes = `${styles.field ?? ""} ${numeric ? (styles.numeric ?? "") : ""}`;
  const { placeholder, width } = props;
  return (
    <AriaTextField
      className={styles.textfield}
      value={props.value}
      onChange={props.onChange}
      isInvalid={error !== null}
      isRequired={props.required ?? false}
      isDisabled={props.closed ?? false}
      autoFocus={props.autoFocus ?? false}
      type={props.secret === true ? "password" : "text"}
      aria-label={props.shown === true ? undefined : props.label}
      onBlur={() => props.onCommit?.(props.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && lines === 1) {
          props.onCommit?.(props.value);
          props.onEnter?.();
        }
        event.continuePropagation();
      }}
    >
      {props.shown === true ? <Label className={styles.label}>{props.label}</Label> : null}
      <span className={styles.line}>
        {lines > 1 ? (
          <TextArea className={classes} rows={lines} placeholder={placeholder} style={{ width }} />
        ) : (
          <Input
            className={classes}
            ref={props.inputRef}
            inputMode={numeric ? "decimal" : undefined}
            placeholder={placeholder}
            style={{ width }}
          />
        )}
        {props.unit === undefined ? null : <span className="soft">{props.unit}</span>}
      </span>
      {props.hint === undefined ? null : (
        <Text slot="description" className={styles.hint}>
          {props.hint}
        </Text>
      )}
      <FieldError className={styles.error}>{error}</FieldError>
    </AriaTextField>
  );
}
