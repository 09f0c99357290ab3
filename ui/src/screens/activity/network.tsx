import type { NetworkHost } from "../../api/types";
import { Skeleton } from "../../components/states/skeleton";
import { Failed, NothingYet } from "../../components/states/states";
import { useReply } from "../../platform/reply";
import styles from "./activity.module.css";

const COUNT = new Intl.NumberFormat("en-GB");

function Hosts({ of }: { of: NetworkHost[] }) {
  return (
    <table className="t1">
      <caption className="vh">Hosts contacted</caption>
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">Purpose</th>
          <th scope="col">Connection</th>
          <th scope="col" className="r">
            Requests
          </th>
          <th scope="col" className="r">
            Sent
          </th>
          <th scope="col" className="r">
            Received
          </th>
          <th scope="col" className="r">
            Last
          </th>
        </tr>
      </thead>
      <tbody>
        {of.map((host) => (
          <tr key={`${host.host} ${host.connection}`}>
            <th scope="row" className="id">
              {host.host}
            </th>
            <td className="soft">{host.purpose}</td>
            <td>{host.connection}</td>
            <td className="r fig">{COUNT.format(host.requests)}</td>
            <td className="r fig soft">{host.sent}</td>
            <td className="r fig soft">{host.received}</td>
            <td className="r fig soft">{host.last}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The ledger of the network: every host, what for, and how much. */
export function Network() {
  const reply = useReply("network", {});
  if (reply.isError) {
    return <Failed failure={reply.error} onRetry={() => void reply.refetch()} />;
  }
  if (reply.data === undefined) {
    return (
      <div className={styles.loading}>
        <Skeleton label="Loading the network ledger" widths={["70%", "64%", "76%"]} />
      </div>
    );
  }
  return (
    <div className={styles.hosts}>
      <p className={`soft fig ${styles.lead}`}>{reply.data.note}</p>
      {reply.data.hosts.length === 0 ? (
        <NothingYet title="No host was contacted">
          Nothing has left this computer, and nothing has come in.
        </NothingYet>
      ) : (
        <Hosts of={reply.data.hosts} />
      )}
    </div>
  );
}
