import type { RunRow } from "../../api/types";
import styles from "./activity.module.css";

/** What one run read, feed by feed, and what it could not read. */
export function RunDetail({ of }: { of: RunRow }) {
  return (
    <div className={styles.rundetail}>
      <p className="small soft fig">{of.counts}</p>
      {of.gaps.map((gap) => (
        <p className="small" key={`${gap.code} ${gap.what}`}>
          <b className="medium">{gap.what}</b> <span className="soft">{gap.remedy}</span>{" "}
          <span className="id dim">{gap.code}</span>
        </p>
      ))}
      <table className="t1 small">
        <caption className="vh">Feeds of the run at {of.at}</caption>
        <thead>
          <tr>
            <th scope="col">Feed</th>
            <th scope="col" className="r">
              Read
            </th>
            <th scope="col" className="r">
              New
            </th>
            <th scope="col" className="r">
              Changed
            </th>
            <th scope="col" className="r">
              Deleted
            </th>
          </tr>
        </thead>
        <tbody>
          {of.feeds.map((feed) => (
            <tr key={`${feed.connection} ${feed.feed}`}>
              <th scope="row">
                {feed.connection} <span className="soft">{feed.feed.replaceAll("_", " ")}</span>
              </th>
              <td className="r">{feed.records}</td>
              <td className="r">{feed.new}</td>
              <td className="r">{feed.changed}</td>
              <td className="r">{feed.deleted}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
