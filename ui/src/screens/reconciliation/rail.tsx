import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Slider, SliderThumb, SliderTrack } from "react-aria-components";

import type { FailureView, WhatIfView } from "../../api/types";
import { Reasons } from "../../components/charts";
import type { ReasonsView } from "../../components/charts/preview";
import { StatusWord } from "../../components/glyph";
import { TextField } from "../../components/controls/text_field";
import { Money } from "../../components/money";
import { Skeleton } from "../../components/states/skeleton";
import { Failed } from "../../components/states/states";
import { figure, typedAmount, withoutZeroDigits } from "../../format/money";
import { useScope } from "../../frame/scope";
import { usePlatform } from "../../platform/context";
import styles from "./rail.module.css";

/** Labels that have room under the slider: the ends and the middle ones. */
const LABELLED = [0, 2, 3, 5];

const BY_REASON = "Difference by reason";

/** The bars as the chart takes them. */
function reasonsOf({ by_reason, currency }: WhatIfView): ReasonsView {
  const { note, zero, rows, total } = by_reason;
  return {
    title: BY_REASON,
    note,
    zero: String(zero),
    rows: rows.map(({ label, amount, from, to }) => ({
      id: label,
      label,
      amount: { amount, currency },
      from: String(from),
      to: String(to),
      target: null,
    })),
    total: {
      label: "All",
      amount: { amount: total.amount, currency },
      proof: total.proof,
      marks: [],
    },
  };
}

/** The answer to the limit before stays until the new one is here, so a drag never blinks. */
function useWhatIf(limit: string | null) {
  const scope = useScope();
  const platform = usePlatform();
  return useQuery<WhatIfView, FailureView>({
    queryKey: ["what_if", { scope, limit }],
    queryFn: () => platform.call("what_if", { scope, limit }),
    placeholderData: keepPreviousData,
  });
}

type LimitProps = { of: WhatIfView; limit: string | null; onLimit: (limit: string) => void };

function LimitSlider({ of, onLimit, limit }: LimitProps) {
  const { stops } = of;
  const found = stops.indexOf(limit ?? of.limit);
  const [at, setAt] = useState(Math.max(0, found));
  useEffect(() => {
    if (found >= 0) setAt(found);
  }, [found]);
  const last = Math.max(1, stops.length - 1);
  return (
    <Slider
      className={styles.slider}
      aria-label={`Limit in ${of.currency}`}
      minValue={0}
      maxValue={last}
      step={1}
      value={at}
      onChange={(value) => {
        setAt(value);
        const stop = stops[value];
        if (stop !== undefined) onLimit(stop);
      }}
    >
      <SliderTrack className={styles.track}>
        <span className={styles.fill} style={{ width: `${(at / last) * 100}%` }} />
        <SliderThumb className={styles.knob} aria-describedby="what-if-said" />
      </SliderTrack>
      <span className={styles.ticks} aria-hidden="true">
        {stops.map((stop, index) =>
          LABELLED.includes(index) ? (
            <i key={stop} style={{ left: `${(index / last) * 100}%` }}>
              {withoutZeroDigits(stop)}
            </i>
          ) : null,
        )}
      </span>
    </Slider>
  );
}

function Limit(props: LimitProps) {
  const { of, limit, onLimit } = props;
  const now = limit ?? of.limit;
  const [typed, setTyped] = useState(figure(now, of.currency).text);
  useEffect(() => setTyped(figure(now, of.currency).text), [now, of.currency]);
  const read = typedAmount(typed, of.currency);
  return (
    <div className={styles.limit}>
      <TextField
        label={`Limit in ${of.currency}`}
        numeric
        width={84}
        value={typed}
        onChange={setTyped}
        error={read === null ? "Not an amount" : null}
        onCommit={() => {
          if (read !== null && read !== now) onLimit(read);
        }}
      />
      <LimitSlider {...props} />
    </div>
  );
}

function Table({ of }: { of: WhatIfView }) {
  return (
    <table className={`t1 ${styles.table}`}>
      <caption className="vh">Items flagged at each limit, {of.currency}</caption>
      <thead>
        <tr>
          {["Limit", "Items", "Net", "Absolute"].map((head) => (
            <th className="r" scope="col" key={head}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {of.rows.map((row) => (
          <tr
            key={row.limit}
            className={row.current ? styles.current : undefined}
            aria-current={row.current ? "true" : undefined}
          >
            <td className="r">{withoutZeroDigits(row.limit)}</td>
            <td className="r">{row.items}</td>
            <td className="r">
              <Money amount={row.net} currency={of.currency} />
            </td>
            <td className="r">
              <Money amount={row.absolute} currency={of.currency} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Small({ of }: { of: WhatIfView }) {
  const { small, currency } = of;
  const lines = [
    [small.label, small.net],
    ["Absolute, signs ignored", small.absolute],
    ["Period materiality", small.materiality],
  ] as const;
  return (
    <section>
      <div className="h2row">
        <h2>Small differences together</h2>
      </div>
      <dl className="kv">
        {lines.map(([label, amount]) => (
          <div key={label} className={styles.pair}>
            <dt>{label}</dt>
            <dd>
              <Money amount={amount} currency={currency} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="small">
        <StatusWord glyph={small.status.glyph} word={small.status.word} tone={small.status.tone} />
      </p>
    </section>
  );
}

/** What another limit would flag, while it is dragged; what the small ones are together; why. */
export function Rail({ isOpen }: { isOpen: boolean | null }) {
  const [limit, setLimit] = useState<string | null>(null);
  const { data, error, refetch } = useWhatIf(limit);
  return (
    <aside className={styles.rail} data-open={isOpen ?? "by width"} aria-label="Limits and causes">
      {error !== null && <Failed failure={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && (
        <Skeleton label="Reading the limits" widths={["60%", "100%", "100%", "100%", "100%"]} />
      )}
      {data !== undefined && (
        <>
          <section>
            <div className="h2row">
              <h2>What if the limit were</h2>
              <span className="more" title={data.note}>
                {data.note}
              </span>
            </div>
            <Limit of={data} limit={limit} onLimit={setLimit} />
            <p className="vh" role="status" id="what-if-said">
              {data.said}
            </p>
            <Table of={data} />
            <p className={`small dim ${styles.always}`}>{data.always}</p>
          </section>
          <Small of={data} />
          <section>
            <div className="h2row">
              <h2>{BY_REASON}</h2>
              <span className="more" title={data.by_reason.note}>
                {data.by_reason.note}
              </span>
            </div>
            <Reasons view={reasonsOf(data)} />
          </section>
        </>
      )}
    </aside>
  );
}
