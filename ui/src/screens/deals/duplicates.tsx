import { useState } from "react";

import type { FailureView, PairRow, PairsView, TwinRecord } from "../../api/types";
import { Button } from "../../components/controls/button";
import { Dialog } from "../../components/controls/dialog";
import { TextField } from "../../components/controls/text_field";
import { Amounts } from "../../components/phrase";
import { Skeleton } from "../../components/states/skeleton";
import { Failed, NothingDue } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { shortDay } from "../../format/dates";
import { useClosed, useScope, yearStart } from "../../frame/scope";
import { useReply, useWrite } from "../../platform/reply";
import { useOpenIn } from "../list/open_in";
import styles from "./deals.module.css";

type Word = { pair: PairRow; cleared: boolean };

/** A person's word on one pair: kept here with its reason, and undoable. */
function WordDialog({ word, onClose }: { word: Word; onClose: () => void }) {
  const scope = useScope();
  const say = useToast();
  const write = useWrite("clear_pair");
  const [reason, setReason] = useState("");
  const closed = reason.trim() === "" ? "Give a reason first." : null;
  const { first, second } = word.pair;
  const decide = () => {
    if (closed !== null || write.isPending) return;
    write.mutate(
      { scope, first: first.id, second: second.id, cleared: word.cleared, reason },
      {
        onSuccess: (receipt) => {
          say(receipt);
          onClose();
        },
      },
    );
  };
  const verb = word.cleared ? "These are two" : "Take the word back";
  const names = `${first.name} and ${second.name}`;
  return (
    <Dialog
      open
      title={word.cleared ? `${names} are two?` : "Look at this pair again?"}
      lead="Only your word is kept here. Nothing is written to either system."
      onClose={onClose}
      onConfirm={decide}
      actions={
        <>
          <Button onPress={onClose}>Not now</Button>
          <Button kind="primary" onPress={decide} closed={closed}>
            {verb}
          </Button>
        </>
      }
    >
      <TextField label="Reason" shown value={reason} onChange={setReason} width="100%" />
      {write.error !== null && <Failed failure={write.error} />}
    </Dialog>
  );
}

function Twin({ of, yearFrom }: { of: TwinRecord; yearFrom: string }) {
  const open = useOpenIn();
  return (
    <div className={styles.twin}>
      <span className="id">{of.name}</span>
      <span className="soft">{shortDay(of.dated, yearFrom)}</span>
      {of.link.link === null ? null : (
        <Button
          kind="quiet"
          icon="out"
          label={`Open ${of.name} in ${of.link.system}`}
          onPress={() => open(of.link)}
        >
          Open
        </Button>
      )}
    </div>
  );
}

type PairProps = { of: PairRow; yearFrom: string; onWord: (word: Word) => void };

function Pair({ of, yearFrom, onWord }: PairProps) {
  const closed = useClosed();
  const cleared = of.cleared === null;
  return (
    <tr>
      <th scope="row">{of.name}</th>
      <td>{of.kind}</td>
      <td>
        <Twin of={of.first} yearFrom={yearFrom} />
      </td>
      <td>
        <Twin of={of.second} yearFrom={yearFrom} />
      </td>
      <td>
        {of.apart}
        <small>{of.evidence}</small>
      </td>
      <td className="r">
        <Amounts of={[of.at_risk]} />
      </td>
      <td className={styles.word}>
        {of.cleared === null ? null : <p className="small soft">{of.cleared}</p>}
        <Button closed={closed} onPress={() => onWord({ pair: of, cleared })}>
          {cleared ? "These are two" : "Look again"}
        </Button>
      </td>
    </tr>
  );
}

function Rows({ of, more, onWord }: { of: PairRow[]; more: number; onWord: (word: Word) => void }) {
  const { data: app } = useReply("app_state", {});
  const yearFrom = yearStart(app);
  return (
    <div className={styles.pairs}>
      <table className="t1">
        <caption className="vh">Possible duplicates</caption>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">Kind</th>
            <th scope="col">First</th>
            <th scope="col">Second</th>
            <th scope="col">In common</th>
            <th scope="col" className="r">
              At risk
            </th>
            <th scope="col">Your word</th>
          </tr>
        </thead>
        <tbody>
          {of.map((pair) => (
            <Pair
              key={`${pair.first.id}|${pair.second.id}`}
              of={pair}
              yearFrom={yearFrom}
              onWord={onWord}
            />
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="soft">{more} more are not listed. Decide on these first.</p>}
    </div>
  );
}

/** Pairs of one amount close in time, in the books and among the deals. */
export function Duplicates(props: { view: PairsView | undefined; failure: FailureView | null }) {
  const [word, setWord] = useState<Word | null>(null);
  const { view, failure } = props;
  if (failure !== null) return <Failed failure={failure} />;
  if (view === undefined) return <Skeleton label="Looking for pairs" widths={["90%", "80%"]} />;
  if (view.rows.length === 0) {
    return (
      <NothingDue title="Nothing stands twice">
        No two records of one customer have one amount close in time.
      </NothingDue>
    );
  }
  return (
    <>
      <Rows of={view.rows} more={view.more} onWord={setWord} />
      {word !== null && <WordDialog word={word} onClose={() => setWord(null)} />}
    </>
  );
}
