import type { PlainMapping } from "../../api/types";
import { Amounts, Go, Status } from "../../components/phrase";
import { NothingYet } from "../../components/states/states";
import styles from "./connections.module.css";

/** Tax codes and currencies: short lists, with what to do about an open row. */
export function PlainRows({ view, name }: { view: PlainMapping; name: string }) {
  if (view.rows.length === 0) {
    return (
      <NothingYet title={`No ${name.toLowerCase()} was seen yet`}>
        The first run reads them with the deals and the documents.
      </NothingYet>
    );
  }
  return (
    <table className={styles.grid}>
      <caption className="vh">{name}</caption>
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col">Company</th>
          <th scope="col">In the books</th>
          <th scope="col">State</th>
          <th scope="col">What to do</th>
          <th scope="col" className="r">
            Deals
          </th>
          <th scope="col" className="r">
            Amount
          </th>
        </tr>
      </thead>
      <tbody>
        {view.rows.map((row) => (
          <tr className={styles.row} key={`${row.id} ${row.company}`}>
            <th scope="row">
              {row.target === null ? row.name : <Go target={row.target}>{row.name}</Go>}
            </th>
            <td>{row.company}</td>
            <td>{row.maps_to}</td>
            <td>
              <Status of={row.status} />
            </td>
            <td className={`soft ${styles.remedy}`}>{row.remedy}</td>
            <td className="r fig">{row.deals}</td>
            <td className="r">
              <Amounts of={row.amounts} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
