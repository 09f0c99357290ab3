import { useRef, useState, type ReactNode } from "react";

import { IconButton } from "../controls/button";
import { useCommands } from "../../commands/context";
import { useWidth } from "./use-width";
import styles from "./charts.module.css";

type SwapProps = {
  /** Id of the command: "overview.bridge". */
  id: string;
  name: string;
  /** `hidden`: only readers reach the table; else it stands in place of the picture. */
  table: (hidden: boolean) => ReactNode;
  picture: ReactNode;
  className?: string | undefined;
  /** The main chart of a screen answers to T from everywhere. */
  main?: boolean;
  /** With fewer pixels than this the labels would run into each other: the table stands instead. */
  minWidth?: number;
};

/** What is assumed before the place is measured. */
const WIDE = 10_000;

/** A picture with its figures as a table: T and a button swap the two. */
export function Swap(props: SwapProps) {
  const { id, name, table, picture, className, main = false, minWidth = 0 } = props;
  const place = useRef<HTMLElement>(null);
  const narrow = useWidth(place, WIDE) < minWidth;
  const [chosen, setChosen] = useState(false);
  const asTable = chosen || narrow;
  const swap = () => setChosen((now) => !now);
  const title = chosen ? `Show ${name} as a picture` : `Show ${name} as a table`;
  const keys = main ? { keys: ["T"] } : {};
  const closed = narrow ? "The window is too narrow for the picture." : null;
  useCommands([{ id, title, group: "View", closed, run: swap, ...keys }]);
  return (
    <figure ref={place} className={className} data-swap={asTable ? "table" : "picture"}>
      {narrow ? null : (
        <div className={styles.swap}>
          <IconButton
            icon={asTable ? "overview" : "rows"}
            label={title}
            small
            {...(main ? { keys: "T" } : {})}
            onPress={swap}
          />
        </div>
      )}
      {asTable ? table(false) : picture}
      {asTable ? null : table(true)}
    </figure>
  );
}
