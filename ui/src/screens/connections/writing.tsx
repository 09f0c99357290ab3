import type { Connection, FailureView, RehearsalView } from "../../api/types";
import { useId, useState } from "react";

import { Button } from "../../components/controls/button";
import { Switch } from "../../components/controls/choice";
import { Dialog } from "../../components/controls/dialog";
import { Failed } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { useClosed } from "../../frame/scope";
import { useWrite } from "../../platform/reply";
import { Rehearsal } from "./rehearsal";
import styles from "./connections.module.css";

/** Says what will be possible afterwards, on the ground of the rehearsal. */
function Ask(props: {
  of: Connection;
  rehearsal: RehearsalView;
  failure: FailureView | null;
  busy: boolean;
  onClose: () => void;
  onConfirm: () => void;
}) {
  const { of, rehearsal } = props;
  return (
    <Dialog
      open
      alert
      width={640}
      onClose={props.onClose}
      onConfirm={props.onConfirm}
      title={`Let Tieout write to ${of.company}?`}
      lead={rehearsal.promise}
      actions={
        <>
          <Button autoFocus onPress={props.onClose}>
            Not now
          </Button>
          <Button
            kind="primary"
            keys="Mod+Enter"
            closed={props.busy ? "Switching on." : null}
            onPress={props.onConfirm}
          >
            Switch on writing
          </Button>
        </>
      }
    >
      <Rehearsal of={rehearsal} />
      {props.failure === null ? null : <Failed failure={props.failure} />}
    </Dialog>
  );
}

/** Off is done at once; on is rehearsed first, and then says exactly what will be possible. */
export function Writing({ of }: { of: Connection }) {
  const say = useToast();
  const looking = useClosed();
  const write = useWrite("set_writing");
  const [shown, setShown] = useState<RehearsalView | null>(null);
  const id = useId();
  const closed = looking ?? of.writing.closed;
  const set = (on: boolean, confirm: boolean) =>
    write.mutate(
      { connection: of.name, on, confirm },
      {
        onSuccess: (reply) => {
          if (reply.kind === "rehearsal") {
            setShown(reply.rehearsal);
          } else {
            setShown(null);
            say(reply.receipt);
          }
        },
      },
    );
  return (
    <section className={styles.writing}>
      <Switch
        label={`Writing to ${of.brand_name}`}
        shown
        on={of.writing.on}
        closed={closed !== null || write.isPending}
        onChange={(on) => set(on, !on)}
        describedBy={id}
      />
      <p className="small soft" id={id}>
        {of.writing.sentence} {closed}
      </p>
      {write.isPending && shown === null ? (
        <p className="small soft" role="status">
          Rehearsing the last three months. Nothing is sent.
        </p>
      ) : null}
      {write.error === null || shown !== null ? null : <Failed failure={write.error} />}
      {shown === null ? null : (
        <Ask
          of={of}
          rehearsal={shown}
          failure={write.error}
          busy={write.isPending}
          onClose={() => setShown(null)}
          onConfirm={() => set(true, true)}
        />
      )}
    </section>
  );
}
