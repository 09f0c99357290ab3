import type { EffectChoice, EffectRow } from "../../api/types";
import { useId, useState } from "react";

import { useCommands } from "../../commands/context";
import { classes } from "../../components/classes";
import { Button } from "../../components/controls/button";
import { Dialog } from "../../components/controls/dialog";
import { TextField } from "../../components/controls/text_field";
import { Keys } from "../../components/keys/keys";
import { Failed } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { useClosed } from "../../frame/scope";
import { useWrite } from "../../platform/reply";
import styles from "./activity.module.css";

const ASK_KEY = "A";

/** A choice that needs words: the number of the document, and why. */
function Resolve(props: { effect: EffectRow; choice: EffectChoice; onClose: () => void }) {
  const { effect, choice, onClose } = props;
  const say = useToast();
  const resolve = useWrite("resolve_effect");
  const [number, setNumber] = useState("");
  const [reason, setReason] = useState("");
  const wantsNumber = choice.needs === "number_and_reason";
  const missing =
    wantsNumber && number.trim() === ""
      ? "Enter the number first."
      : choice.needs !== "nothing" && reason.trim() === ""
        ? "Give a reason first."
        : null;
  const confirm = () => {
    if (missing !== null || choice.id === "ask_now") return;
    const { id: decision } = choice;
    resolve.mutate(
      { key: effect.key, decision, number: wantsNumber ? number.trim() : null, reason },
      {
        onSuccess: (receipt) => {
          say(receipt);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      alert={choice.dangerous}
      onClose={onClose}
      onConfirm={confirm}
      title={choice.title}
      lead={`${effect.subject}, ${effect.promise}. ${choice.sentence}`}
      actions={
        <>
          <Button autoFocus={choice.dangerous} onPress={onClose}>
            Not now
          </Button>
          <Button kind="primary" closed={missing} onPress={confirm}>
            {wantsNumber ? "Check and link it" : choice.title}
          </Button>
        </>
      }
    >
      <div className={styles.ask}>
        {wantsNumber ? (
          <TextField label="Number of the document" shown value={number} onChange={setNumber} />
        ) : null}
        {choice.needs === "nothing" ? null : (
          <TextField label="Reason" shown lines={2} value={reason} onChange={setReason} />
        )}
        {resolve.error === null ? null : <Failed failure={resolve.error} />}
      </div>
    </Dialog>
  );
}

function Choice(props: {
  of: EffectChoice;
  effect: EffectRow;
  closed: string | null;
  onChoose: () => void;
}) {
  const { of, closed } = props;
  const id = useId();
  const open = of.open && closed === null;
  return (
    <button
      type="button"
      className={classes(styles.choice, of.dangerous && open && styles.dangerous)}
      aria-disabled={!open}
      aria-describedby={id}
      onClick={open ? props.onChoose : undefined}
    >
      <b>{of.title}</b>
      <span id={id}>
        {closed ?? of.sentence}
        {of.id === "ask_now" && open ? (
          <>
            {" "}
            <Keys of={ASK_KEY} />
          </>
        ) : null}
      </span>
    </button>
  );
}

/** What a person can do about an effect; the dangerous way stays closed until it is safe. */
export function Choices({ effect }: { effect: EffectRow }) {
  const say = useToast();
  const closed = useClosed();
  const ask = useWrite("ask_now");
  const [chosen, setChosen] = useState<EffectChoice | null>(null);
  const asks = effect.choices.find((choice) => choice.id === "ask_now" && choice.open);
  const askNow = () => ask.mutate({ key: effect.key }, { onSuccess: say });
  useCommands(
    asks === undefined
      ? []
      : [
          {
            id: "effect.ask",
            title: asks.title,
            group: "Record",
            keys: [ASK_KEY],
            closed,
            run: askNow,
          },
        ],
  );
  return (
    <div>
      <h3 className={styles.can}>What you can do</h3>
      {effect.choices.map((choice) => (
        <Choice
          key={choice.id}
          of={choice}
          effect={effect}
          closed={closed}
          onChoose={() => (choice.id === "ask_now" ? askNow() : setChosen(choice))}
        />
      ))}
      <div aria-live="polite">
        {ask.isPending ? <p className="small soft">Asking for the key.</p> : null}
        {ask.error === null ? null : <Failed failure={ask.error} onRetry={askNow} />}
      </div>
      {chosen === null ? null : (
        <Resolve effect={effect} choice={chosen} onClose={() => setChosen(null)} />
      )}
    </div>
  );
}
