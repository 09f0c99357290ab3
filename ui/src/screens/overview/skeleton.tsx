import { AfterAWhile, Bar, Skeleton } from "../../components/states/skeleton";
import styles from "./overview.module.css";

const COLUMNS = [0, 40, 54, 70, 80, 90, 91, 110, 108, 126, 120];
const LINES = ["70%", "88%", "62%", "80%", "74%", "66%"];

/** The shape of the screen while its figures are added up. */
export function OverviewSkeleton() {
  return (
    <>
      <div className={styles.claim}>
        <Skeleton label="Loading the overview" widths={["64%", "52%"]} />
      </div>
      <div className={styles.bones} aria-hidden="true">
        <AfterAWhile>
          {COLUMNS.map((top, at) => (
            <span key={at} style={{ height: `${196 - top}px` }} />
          ))}
        </AfterAWhile>
      </div>
      <div className={styles.three} aria-hidden="true">
        {["decisions", "lateness", "ties"].map((part) => (
          <section key={part}>
            <AfterAWhile>
              {LINES.map((width) => (
                <p className={styles.bone} key={width}>
                  <Bar width={width} />
                </p>
              ))}
            </AfterAWhile>
          </section>
        ))}
      </div>
    </>
  );
}
