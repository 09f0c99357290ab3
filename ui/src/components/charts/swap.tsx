import { useState, type ReactNode } from "react";

import { IconButton } from "../controls/button";
import { useCommands } from "../../commands/context";
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
};

/** A picture with its figures as a table: T and a button swap the two. */
export function Swap({ id, name, table, picture, className, main = false }: SwapProps) {
  const [asTable, setAsTable] = useState(false);
  const swap = () => setAsTable((now) => !now);
  const title = asTable ? `Show ${name} as a picture` : `Show ${name} as a table`;
  useCommands([{ id, title, group: "View", ...(main ? { keys: ["T"] } : {}), run: swap }]);
  return (
    <figure className={className} data-swap={asTable ? "table" : "picture"}>
      <div className={styles.swap}>
        <IconButton
          icon={asTable ? "overview" : "rows"}
          label={title}
          small
          {...(main ? { keys: "T" } : {})}
          onPress={swap}
        />
      </div>
      {asTable ? table(false) : picture}
      {asTable ? null : table(true)}
    </figure>
  );
}
