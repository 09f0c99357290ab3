import type { Connection, ConnectionsView } from "../../api/types";
import { Status } from "../../components/phrase";
import { IconButton } from "../../components/controls/button";
import { useAddress } from "../../frame/address";
import { ConnectionDetail } from "./connection-detail";
import styles from "./connections.module.css";

function Row({ of, open, onToggle }: { of: Connection; open: boolean; onToggle: () => void }) {
  return (
    <>
      <tr data-open={open}>
        <th scope="row">
          {of.brand_name}
          <span className={styles.company}>
            {of.company}
            {of.sandbox ? <span className="dim">, sandbox</span> : null}
          </span>
        </th>
        <td>{of.entity}</td>
        <td className="soft">{of.may}</td>
        <td className={styles.whole}>
          <Status of={of.status} />
        </td>
        <td className={`r fig ${styles.whole}`}>{of.last_complete}</td>
        <td className="r fig soft">{of.calls.sentence}</td>
        <td className="r">
          <IconButton
            small
            icon={open ? "up" : "dots"}
            label={open ? `Close ${of.name}` : `Manage ${of.name}`}
            pressed={open}
            onPress={onToggle}
          />
        </td>
      </tr>
      {open ? (
        <tr className={styles.detail}>
          <td colSpan={7}>
            <ConnectionDetail of={of} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

/** Every connected company: what it may do, how it is, when it was last complete. */
export function Connections({ view }: { view: ConnectionsView }) {
  const { search, patch } = useAddress();
  const open = search["connection"] ?? "";
  return (
    <>
      <p className={`under ${styles.under}`}>{view.note}</p>
      <table className={`t1 ${styles.connections}`}>
        <caption className="vh">Connections</caption>
        <thead>
          <tr>
            <th scope="col">Connection</th>
            <th scope="col">Entity</th>
            <th scope="col">May do</th>
            <th scope="col">State</th>
            <th scope="col" className="r">
              Complete
            </th>
            <th scope="col" className="r">
              Calls today
            </th>
            <th scope="col" className="r">
              <span className="vh">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {view.connections.map((connection) => (
            <Row
              key={connection.name}
              of={connection}
              open={connection.name === open}
              onToggle={() =>
                patch({ connection: connection.name === open ? null : connection.name })
              }
            />
          ))}
        </tbody>
      </table>
    </>
  );
}
