import type { MappingView, ProductRow } from "../../api/types";
import { Link } from "@tanstack/react-router";

import { Tabs, type TabEntry } from "../../components/controls/tabs";
import { Icon } from "../../components/icon/icon";
import { Skeleton } from "../../components/states/skeleton";
import { Failed, NothingYet } from "../../components/states/states";
import { useAddress } from "../../frame/address";
import { useScope } from "../../frame/scope";
import { useReply } from "../../platform/reply";
import { Connections } from "./connections";
import { Customers } from "./customers";
import { PlainRows } from "./plain-rows";
import { ProductRail } from "./product-rail";
import { Products } from "./products";
import styles from "./connections.module.css";

type View = "products" | "customers" | "taxes" | "currencies";

function viewOf(text: string | undefined): View {
  return text === "customers" || text === "taxes" || text === "currencies" ? text : "products";
}

function open(count: number | undefined): string | null {
  if (count === undefined) return null;
  return count === 0 ? "complete" : `${count} open`;
}

function tabsOf(view: MappingView | undefined): TabEntry<View>[] {
  return [
    { value: "products", label: "Products", count: open(view?.products.open) },
    { value: "customers", label: "Customers", count: open(view?.customers.open) },
    { value: "taxes", label: "Tax codes", count: open(view?.taxes.open) },
    { value: "currencies", label: "Currencies", count: open(view?.currencies.open) },
  ];
}

/** The sample company keeps its two systems; one's own begin beside it. */
function AddConnection() {
  const { data: app } = useReply("app_state", {});
  const sample = app?.workspace?.sample === true;
  return (
    <Link to="/first-run" search={sample ? {} : { step: "connect" }} className={styles.add}>
      <Icon name="plus" />
      {sample ? "Connect your own" : "Add connection"}
    </Link>
  );
}

function Companies() {
  const reply = useReply("connections", {});
  if (reply.isError) {
    return <Failed failure={reply.error} onRetry={() => void reply.refetch()} />;
  }
  if (reply.data === undefined) {
    return (
      <div className={styles.loading}>
        <Skeleton label="Loading the connections" widths={["80%", "76%", "84%"]} />
      </div>
    );
  }
  if (reply.data.connections.length === 0) {
    return (
      <NothingYet title="Nothing is connected yet" action={<AddConnection />}>
        Connect Salesforce and one accounting company. Tieout then reads both once, which takes
        about 2 minutes.
      </NothingYet>
    );
  }
  return <Connections view={reply.data} />;
}

function MappingPanel(props: { view: MappingView; at: View; product: string }) {
  const { view, at } = props;
  if (at === "customers") return <Customers view={view.customers} />;
  if (at === "taxes") return <PlainRows view={view.taxes} name="Tax code" />;
  if (at === "currencies") return <PlainRows view={view.currencies} name="Currency" />;
  return <Products view={view.products} shown={props.product} />;
}

/** The product whose rail is open: the one in the address, else the first that is not mapped. */
function productOf(view: MappingView | undefined, record: string | undefined): ProductRow | null {
  const rows = view?.products.rows ?? [];
  const named = rows.find((row) => row.id === record);
  return (
    named ?? (record === undefined ? rows.find((row) => row.detail.remedy !== "") : null) ?? null
  );
}

export function Screen() {
  const { search, patch } = useAddress();
  const at = viewOf(search["view"]);
  const scope = useScope();
  const enabled = scope.as_of !== "";
  const mapping = useReply("mapping", { scope }, { enabled, keep: true });
  const product = at === "products" ? productOf(mapping.data, search["record"]) : null;
  return (
    <div className={`main ${product === null ? "" : "rail"} ${styles.screen}`}>
      <div className="page scroll" aria-busy={mapping.isFetching}>
        <div className="head">
          <h1>Connections &amp; mapping</h1>
          <div className="acts">
            <AddConnection />
          </div>
        </div>
        <Companies />
        <Tabs
          label="Mapping"
          tabs={tabsOf(mapping.data)}
          value={at}
          onChange={(view) =>
            patch({ view: view === "products" ? null : view, record: null }, { push: true })
          }
        >
          {mapping.isError ? (
            <Failed failure={mapping.error} onRetry={() => void mapping.refetch()} />
          ) : mapping.data === undefined ? (
            <div className={styles.loading}>
              <Skeleton label="Loading the mapping" widths={["70%", "82%", "64%", "76%"]} />
            </div>
          ) : (
            <MappingPanel view={mapping.data} at={at} product={product?.id ?? ""} />
          )}
        </Tabs>
      </div>
      {product === null ? null : (
        <ProductRail
          product={product}
          chosen={search["record"] !== undefined}
          onClose={() => patch({ record: "none" })}
        />
      )}
    </div>
  );
}
