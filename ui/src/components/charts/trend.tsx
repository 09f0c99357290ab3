import type { TrendView } from "../../api/types";
import { useId, useRef } from "react";

import { classes } from "../classes";
import { Go } from "../phrase";
import { trendPlaces } from "./geometry";
import { Swap } from "./swap";
import { useWidth } from "./use-width";
import styles from "./charts.module.css";

const FIRST_WIDTH = 350;
const HEIGHT = 84;

function Last({ view, width }: { view: TrendView; width: number }) {
  const { last } = trendPlaces(view.points, width);
  const point = view.points[view.points.length - 1];
  if (last === null || point === undefined) {
    return null;
  }
  return (
    <>
      {last.y === null ? null : (
        <>
          <circle cx={last.x} cy={last.y} r="2.6" className={styles.point} />
          <text x={last.x + 8} y={last.text} className={classes(styles.label, styles.start)}>
            <tspan className={styles.strong}>{point.value}</tspan> {view.unit}
          </text>
        </>
      )}
      {last.best === null ? null : (
        <text x={last.x + 8} y={last.bestText} className={classes(styles.note, styles.start)}>
          {point.best} {view.best_label}
        </text>
      )}
    </>
  );
}

function Picture({ view }: { view: TrendView }) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, FIRST_WIDTH);
  const id = useId();
  const { lines, best, xs } = trendPlaces(view.points, width);
  const half = ((xs[1] ?? width) - (xs[0] ?? 0)) / 2;
  return (
    <div ref={place}>
      <svg width={width} height={HEIGHT} role="group" aria-labelledby={`${id}title`}>
        <title id={`${id}title`}>{`${view.title}, ${view.note}; ${view.axis}`}</title>
        {view.points.map((point, at) => {
          const x = xs[at] ?? 0;
          const value = `${point.value} ${view.unit}, ${point.best} ${view.best_label}`;
          const label = `${point.date}, ${value}`;
          const mark = (
            <>
              <rect
                className={styles.catch}
                x={Math.max(0, x - half)}
                y="0"
                width={half * 2}
                height={HEIGHT}
              />
              <text x={x} y={HEIGHT - 3} className={styles.note}>
                {point.label}
              </text>
            </>
          );
          return point.target === null ? (
            <g key={point.date}>{mark}</g>
          ) : (
            <Go key={point.date} target={point.target} className={styles.mark} label={label}>
              {mark}
            </Go>
          );
        })}
        <g pointerEvents="none">
          {lines.map((line) => (
            <polyline key={line} points={line} className={styles.trendline} />
          ))}
          {best.map((line) => (
            <polyline key={line} points={line} className={styles.trendbest} />
          ))}
          <Last view={view} width={width} />
        </g>
      </svg>
    </div>
  );
}

function Figures({ view, hidden }: { view: TrendView; hidden: boolean }) {
  return (
    <div className={hidden ? "vh" : undefined}>
      <table className={classes("t1", styles.figures)}>
        <caption className="vh">
          {view.title}, {view.note}
        </caption>
        <thead>
          <tr>
            <th scope="col">Month end</th>
            <th scope="col" className="r">
              {view.unit}
            </th>
            <th scope="col" className="r">
              {view.best_label}
            </th>
          </tr>
        </thead>
        <tbody>
          {view.points.map((point) => (
            <tr key={point.date}>
              <th scope="row">{point.date}</th>
              <td className="r">{point.value}</td>
              <td className="r">{point.best}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Month ends as a line, the best possible dashed; the last values are printed. */
export function Trend({
  id,
  view,
  className,
}: {
  id: string;
  view: TrendView;
  className?: string;
}) {
  return (
    <Swap
      id={id}
      name={view.title}
      className={className}
      picture={<Picture view={view} />}
      table={(hidden) => <Figures view={view} hidden={hidden} />}
    />
  );
}
