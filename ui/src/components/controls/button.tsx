import { useId, type ReactNode } from "react";
import {
  Button as AriaButton,
  Tooltip,
  TooltipTrigger,
  type PressEvent,
} from "react-aria-components";

import { Icon, type IconName } from "../icon/icon";
import { ariaOf, type Chord } from "../keys/chord";
import { Keys } from "../keys/keys";
import styles from "./controls.module.css";

/** React Aria leaves this attribute out, so it is set on the element itself. */
function shortcut(keys: Chord | undefined) {
  return (element: HTMLButtonElement | null): void => {
    if (keys !== undefined) {
      element?.setAttribute("aria-keyshortcuts", ariaOf(keys));
    }
  };
}

export type ButtonProps = {
  children: ReactNode;
  kind?: "primary" | "normal" | "quiet";
  icon?: IconName;
  keys?: Chord;
  /** Why it cannot be pressed now. The button stays reachable and says so. */
  closed?: string | null;
  onPress?: (event: PressEvent) => void;
  pressed?: boolean;
  autoFocus?: boolean;
  slot?: string;
  className?: string;
  label?: string;
  describedBy?: string;
};

export function Button(props: ButtonProps) {
  const { kind = "normal", closed = null, keys } = props;
  const reason = useId();
  const describedBy = closed === null ? props.describedBy : reason;
  return (
    <>
      <AriaButton
        className={`${styles.button} ${styles[kind] ?? ""} ${props.className ?? ""}`}
        slot={props.slot}
        aria-label={props.label}
        aria-pressed={props.pressed}
        aria-describedby={describedBy}
        ref={shortcut(keys)}
        aria-disabled={closed !== null}
        autoFocus={props.autoFocus ?? false}
        onPress={(event) => {
          if (closed === null) {
            props.onPress?.(event);
          }
        }}
      >
        {props.icon === undefined ? null : <Icon name={props.icon} />}
        {props.children}
        {keys === undefined ? null : <Keys of={keys} />}
      </AriaButton>
      {closed === null ? null : (
        <span id={reason} className={styles.closed}>
          {closed}
        </span>
      )}
    </>
  );
}

/** A button that shows only a drawing: its name appears as a tip, on focus as well. */
export function IconButton(props: {
  icon: IconName;
  label: string;
  keys?: Chord;
  pressed?: boolean;
  small?: boolean;
  slot?: string;
  onPress?: () => void;
}) {
  const { icon, label, keys, pressed, small = false } = props;
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <AriaButton
        className={`${styles.icon} ${small ? (styles.small ?? "") : ""}`}
        aria-label={label}
        slot={props.slot}
        aria-pressed={pressed}
        ref={shortcut(keys)}
        onPress={props.onPress}
      >
        <Icon name={icon} />
      </AriaButton>
      <Tooltip className={styles.tip} offset={4}>
        {label}
        {keys === undefined ? null : <Keys of={keys} />}
      </Tooltip>
    </TooltipTrigger>
  );
}
