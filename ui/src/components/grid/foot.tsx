import { classes } from "../classes";
import type { Column, PinPlaces } from "./columns";
import styles from "./grid.module.css";
import { frameOf } from "./lines";
import { TotalRow } from "./group_row";
import type { Noun } from "./selection";
import type { Grid } from "./use_grid";

type FootProps<R> = {
  grid: Grid<R>;
  columns: readonly Column<R>[];
  places: PinPlaces;
  noun: Noun;
};

/** Totals per currency, in view while the rows scroll. Filtered ones say of how many they are. */
export function Foot<R>({ grid, columns, places, noun }: FootProps<R>) {
  const { head } = grid.pages;
  if (head === null || head.totals.length === 0 || head.total === 0) return null;
  const { total, unfiltered, totals } = head;
  const single = totals.length === 1;
  const label = total < unfiltered ? `${total} of ${unfiltered}, filtered` : undefined;
  return (
    <div role="rowgroup" className={classes(styles.foot, single && styles.single)}>
      {totals.map((one, at) => (
        <TotalRow
          key={one.currency + one.label}
          total={one}
          columns={columns}
          noun={noun}
          frame={frameOf(grid, places, grid.layout.lines + at, null)}
          label={single ? label : undefined}
        />
      ))}
    </div>
  );
}
