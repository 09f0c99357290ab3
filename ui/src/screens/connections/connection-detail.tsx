import type { Connection, Permission } from "../../api/types";
import { Glyph } from "../../components/glyph";
import { Facts } from "../../components/phrase";
import { along } from "../../components/charts/geometry";
import { Disconnect } from "./disconnect";
import { Writing } from "./writing";
import styles from "./connections.module.css";

function Allowed({ yes, what }: { yes: boolean; what: string }) {
  return yes ? (
    <Glyph name="agrees" label={`may be ${what}`} />
  ) : (
    <span className="dim">
      -<span className="vh">may not be {what}</span>
    </span>
  );
}

function Permissions({ of, name }: { of: Permission[]; name: string }) {
  return (
    <table className={`t1 small ${styles.permissions}`}>
      <caption className="vh">What {name} may do</caption>
      <thead>
        <tr>
          <th scope="col">Record</th>
          <th scope="col">Read</th>
          <th scope="col">Write</th>
          <th scope="col">
            <span className="vh">What to do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {of.map((one) => (
          <tr key={one.what}>
            <th scope="row">{one.what}</th>
            <td>
              <Allowed yes={one.reads} what="read" />
            </td>
            <td>
              <Allowed yes={one.writes} what="written" />
            </td>
            <td className="soft">{one.remedy}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Budget({ of }: { of: Connection["calls"] }) {
  if (of.share === null) {
    return null;
  }
  const used = along(of.share, 100);
  return (
    <div
      className={styles.meter}
      role="meter"
      aria-label="Calls of today"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={used}
      aria-valuetext={of.sentence}
    >
      <span style={{ width: `${used}%` }} />
    </div>
  );
}

export function ConnectionDetail({ of }: { of: Connection }) {
  const runs = [
    { label: "Last run", value: of.last_run },
    { label: "Last complete run", value: of.last_complete },
    { label: "Next run", value: of.next_run },
    { label: "Calls today", value: of.calls.sentence },
  ].filter((fact) => fact.value !== "");
  return (
    <div className={styles.parts}>
      <div>
        <Permissions of={of.permissions} name={of.name} />
      </div>
      <div>
        <Facts of={[...runs, ...of.facts]} />
        <Budget of={of.calls} />
      </div>
      <div>
        <Writing of={of} />
        <Disconnect of={of} />
      </div>
    </div>
  );
}
