import type { FailureView } from "../../api/types";
import { useCommands } from "../../commands/context";
import { Button } from "../../components/controls/button";
import { Keys } from "../../components/keys/keys";
import { Failed } from "../../components/states/states";
import { Page } from "./page";
import styles from "./first-run.module.css";

type Way = {
  keys: string;
  title: string;
  text: string;
  needs: string;
  first: string;
  button: string;
};

const SAMPLE: Way = {
  keys: "1",
  title: "Look at a sample company",
  text:
    "14 accounts, 53 won deals and a June close with a blocked deal, an invoice billed twice " +
    "and figures that changed after the close.",
  needs: "Nothing to prepare",
  first: "20 seconds",
  button: "Open sample",
};

const CONNECT: Way = {
  keys: "2",
  title: "Connect Salesforce and your books",
  text: "QuickBooks Online or Xero. Reads only, until you allow a first invoice.",
  needs: "A Salesforce administrator, once",
  first: "15 minutes",
  button: "Connect",
};

const FACTS = [
  {
    title: "Where the data goes",
    text:
      "Between this computer and the systems you connect. There is no server of ours. " +
      "Activity lists every host, with bytes and purpose.",
  },
  {
    title: "What is written",
    text:
      "Nothing until you switch it on, per connection. You rehearse the last three months first " +
      "and see what would have been created.",
  },
  {
    title: "If you stop",
    text: "Your workpapers are PDF and XLSX files with live formulas. They open without Tieout.",
  },
];

function Row({ way, primary, onPress }: { way: Way; primary: boolean; onPress: () => void }) {
  return (
    <li className={styles.way}>
      <Keys of={way.keys} />
      <div>
        <h2>{way.title}</h2>
        <p>{way.text}</p>
      </div>
      <dl>
        <dt>You need</dt>
        <dd>{way.needs}</dd>
        <dt>First figures in</dt>
        <dd>{way.first}</dd>
      </dl>
      <Button
        kind={primary ? "primary" : "normal"}
        className={styles.choose ?? ""}
        onPress={onPress}
      >
        {way.button}
      </Button>
    </li>
  );
}

/** Ways in, of equal rank, each with what it needs and what it gives. */
export function Start(props: {
  onSample: () => void;
  onConnect: () => void;
  failure: FailureView | null;
}) {
  useCommands([
    { id: "first.sample", title: "Open sample", group: "File", keys: ["1"], run: props.onSample },
    { id: "first.connect", title: "Connect", group: "File", keys: ["2"], run: props.onConnect },
  ]);
  return (
    <Page foot={<span className={styles.end}>Light or dark follows your system</span>}>
      <h1>What was sold, what was invoiced, what was paid.</h1>
      <p className={styles.lead}>
        Tieout reads Salesforce and your accounting tool, makes each invoice once, and hands you a
        workpaper in which every total is proved. It runs on this computer.
      </p>
      {props.failure === null ? null : <Failed failure={props.failure} />}
      <ol className={styles.ways}>
        <Row way={SAMPLE} primary onPress={props.onSample} />
        <Row way={CONNECT} primary={false} onPress={props.onConnect} />
      </ol>
      <div className={styles.facts}>
        {FACTS.map((fact) => (
          <div key={fact.title}>
            <h3>{fact.title}</h3>
            <p>{fact.text}</p>
          </div>
        ))}
      </div>
    </Page>
  );
}
