import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";

import styles from "./tabs.module.css";

export type TabEntry<V extends string> = { value: V; label: string; count?: number | null };

/** Saved views under the title. What they show is the panel: the children, below the tabs. */
export function Tabs<V extends string>(props: {
  label: string;
  tabs: readonly TabEntry<V>[];
  value: V;
  onChange: (value: V) => void;
  children?: ReactNode;
}) {
  return (
    <AriaTabs
      className={props.children === undefined ? "" : (styles.whole ?? "")}
      selectedKey={props.value}
      keyboardActivation="manual"
      onSelectionChange={(key) => {
        const chosen = props.tabs.find((tab) => tab.value === key);
        if (chosen !== undefined && chosen.value !== props.value) {
          props.onChange(chosen.value);
        }
      }}
    >
      <TabList aria-label={props.label} className={styles.tabs}>
        {props.tabs.map((tab) => (
          <Tab id={tab.value} key={tab.value} className={styles.tab}>
            {tab.label}
            {tab.count === undefined || tab.count === null ? null : (
              <span className={styles.count}>{tab.count}</span>
            )}
          </Tab>
        ))}
      </TabList>
      {props.children === undefined ? null : (
        <TabPanel key={props.value} id={props.value} className={styles.panel}>
          {props.children}
        </TabPanel>
      )}
    </AriaTabs>
  );
}
