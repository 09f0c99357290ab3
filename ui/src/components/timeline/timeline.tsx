import { useState } from "react";

import type { GateWord, TimelineEvent } from "../../api/types";
import { useMask } from "../../frame/mask";
import { classes } from "../classes";
import { Button } from "../controls/button";
import { Glyph } from "../glyph/glyph";
import { Money } from "../money/money";
import { Phrase } from "../phrase";
import styles from "./timeline.module.css";

/** Six words with ticks; a failed gate opens with all that fail and what helps. */
function Gates({ gates }: { gates: GateWord[] }) {
  const mask = useMask();
  const failing = gates.filter(({ passed, detail }) => !passed && detail !== null);
  return (
    <>
      <div className={styles.gates}>
        {gates.map(({ passed, word }) => (
          <span key={word}>
            <Glyph name={passed ? "tick" : "square_bar"} label={passed ? "passed" : "failed"} />
            {mask(word)}
          </span>
        ))}
      </div>
      {failing.map(({ word, detail }) => (
        <small key={word} className="bad">
          {mask(detail ?? "")}
        </small>
      ))}
    </>
  );
}

function Event({ event, currency }: { event: TimelineEvent; currency: string }) {
  return (
    <li>
      <time>{event.when}</time>
      <span className={styles.node}>
        <Glyph name={event.glyph} tone={event.tone} />
      </span>
      <div className={styles.what}>
        <Phrase of={event.sentence} />
        {event.second !== null && (
          <small>
            <Phrase of={event.second} />
          </small>
        )}
        {event.gates.length > 0 && <Gates gates={event.gates} />}
      </div>
      <div className={styles.amount}>
        {event.amount !== null && <Money amount={event.amount} currency={currency} />}
      </div>
    </li>
  );
}

/** "7 of 14 events": what is left out is counted, and one press away. */
export function useTimeline(events: TimelineEvent[]) {
  const [all, setAll] = useState(false);
  const shown = all ? events : events.filter(({ minor }) => !minor);
  const hides = shown.length < events.length;
  const count = hides
    ? `${shown.length} of ${events.length} events`
    : `${events.length} ${events.length === 1 ? "event" : "events"}`;
  return {
    shown,
    more:
      hides || all ? (
        <Button kind="quiet" className={styles.more ?? ""} onPress={() => setAll(!all)}>
          {all ? "fewer events" : count}
        </Button>
      ) : (
        count
      ),
  };
}

/** One line per fact, in the order of the business. */
export function Timeline({ events, currency }: { events: TimelineEvent[]; currency: string }) {
  return (
    <ol className={classes(styles.timeline)}>
      {events.map((event, at) => (
        <Event event={event} currency={currency} key={at} />
      ))}
    </ol>
  );
}
