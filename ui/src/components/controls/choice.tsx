import {
  Button as AriaButton,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  RadioGroup,
  Select as AriaSelect,
  SelectValue,
  Switch as AriaSwitch,
  Text,
} from "react-aria-components";

import { Chevron } from "../icon/icon";
import styles from "./controls.module.css";
import menu from "./menu.module.css";

export type Option<V extends string> = { value: V; label: string; note?: string };

type ChoiceProps<V extends string> = {
  /** Said to readers; printed above or beside it where `shown` is set. */
  label: string;
  shown?: boolean;
  options: readonly Option<V>[];
  value: V | null;
  onChange: (value: V) => void;
  closed?: boolean;
  /** What stands in it before something is chosen. */
  empty?: string;
};

export function Select<V extends string>(props: ChoiceProps<V>) {
  return (
    <AriaSelect
      className={styles.select}
      aria-label={props.label}
      value={props.value}
      isDisabled={props.closed ?? false}
      onChange={(value) => {
        const chosen = props.options.find((option) => option.value === value);
        if (chosen !== undefined) {
          props.onChange(chosen.value);
        }
      }}
    >
      {props.shown === true ? <Label className={styles.label}>{props.label}</Label> : null}
      <AriaButton className={styles.field}>
        <SelectValue>
          {({ defaultChildren, isPlaceholder }) =>
            isPlaceholder ? <span className="dim">{props.empty ?? "Choose"}</span> : defaultChildren
          }
        </SelectValue>
        <Chevron />
      </AriaButton>
      <Popover className={menu.popover} offset={2}>
        <ListBox className={menu.menu} items={props.options}>
          {(option) => (
            <ListBoxItem id={option.value} textValue={option.label} className={menu.item}>
              <Text slot="label">{option.label}</Text>
              {option.note === undefined ? null : (
                <Text slot="description" className="dim small">
                  {option.note}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

/** Two to four choices that are all in view. */
export function Segments<V extends string>(props: ChoiceProps<V>) {
  return (
    <RadioGroup
      className={styles.segments}
      aria-label={props.label}
      orientation="horizontal"
      value={props.value ?? ""}
      isDisabled={props.closed ?? false}
      onChange={(value) => {
        const chosen = props.options.find((option) => option.value === value);
        if (chosen !== undefined) {
          props.onChange(chosen.value);
        }
      }}
    >
      {props.options.map((option) => (
        <Radio key={option.value} value={option.value} className={styles.segment}>
          {option.label}
        </Radio>
      ))}
    </RadioGroup>
  );
}

export function Switch(props: {
  label: string;
  /** The label is printed beside it; else only said. */
  shown?: boolean;
  on: boolean;
  onChange: (on: boolean) => void;
  closed?: boolean;
  describedBy?: string;
}) {
  return (
    <AriaSwitch
      className={styles.switch}
      isSelected={props.on}
      onChange={props.onChange}
      isDisabled={props.closed ?? false}
      aria-label={props.shown === true ? undefined : props.label}
      aria-describedby={props.describedBy}
    >
      <span className={styles.track} />
      {props.shown === true ? props.label : null}
    </AriaSwitch>
  );
}
