import { classes } from "../classes";
import { Money } from "../money/money";
import styles from "./figures.module.css";

export type FigureView = { label: string; amount: string | null; strong: boolean };

/** Six figures of a deal, three beside three. */
export function Figures({ figures, currency }: { figures: FigureView[]; currency: string }) {
  return (
    <dl className={styles.figures}>
      {figures.map(({ label, amount, strong }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className={classes(strong && "strong")}>
            {amount === null ? (
              <span className="dim">not known</span>
            ) : (
              <Money amount={amount} currency={currency} className={styles.figure} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
