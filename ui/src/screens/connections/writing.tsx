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
import type { Connection, RehearsalView } from "./preview";

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
        <Dialog
          open
          alert
          width={640}
          onClose={() => setShown(null)}
          onConfirm={() => set(true, true)}
          title={`Let Tieout write to ${of.company}?`}
          lead={shown.promise}
          actions={
            <>
              <Button autoFocus onPress={() => setShown(null)}>
                Not now
              </Button>
              <Button
                kind="primary"
                keys="Mod+Enter"
                closed={write.isPending ? "Switching on." : null}
                onPress={() => set(true, true)}
              >
                Switch on writing
              </Button>
            </>
          }
        >
          <Rehearsal of={shown} />
          {write.error === null ? null : <Failed failure={write.error} />}
        </Dialog>
      )}
    </section>
  );
}
