import type { Connection } from "../../api/types";
import { useState } from "react";

import { Button } from "../../components/controls/button";
import { Dialog } from "../../components/controls/dialog";
import { TextField } from "../../components/controls/text_field";
import { Failed } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { useClosed } from "../../frame/scope";
import { useWrite } from "../../platform/reply";
import styles from "./connections.module.css";

/** Destructive: the name is typed. What was read stays; only the sign-in goes. */
export function Disconnect({ of }: { of: Connection }) {
  const say = useToast();
  const looking = useClosed();
  const disconnect = useWrite("disconnect");
  const [asks, setAsks] = useState(false);
  const [typed, setTyped] = useState("");
  const closed = typed.trim() === of.name ? null : "Type the name first.";
  const confirm = () => {
    if (closed !== null) return;
    disconnect.mutate(
      { connection: of.name },
      {
        onSuccess: (receipt) => {
          say(receipt);
          setAsks(false);
        },
      },
    );
  };
  return (
    <div className={styles.disconnect}>
      <Button closed={looking} onPress={() => setAsks(true)}>
        Disconnect
      </Button>
      <Dialog
        open={asks}
        alert
        onClose={() => setAsks(false)}
        onConfirm={confirm}
        title={`Disconnect ${of.company}?`}
        lead={
          "The sign-in is revoked and forgotten. What was read stays here and in every file. " +
          "Nothing is deleted there. New runs say incomplete until it is back."
        }
        actions={
          <>
            <Button autoFocus onPress={() => setAsks(false)}>
              Not now
            </Button>
            <Button kind="primary" closed={closed} onPress={confirm}>
              Disconnect {of.name}
            </Button>
          </>
        }
      >
        <TextField
          label={`Type ${of.name} to confirm`}
          shown
          value={typed}
          onChange={setTyped}
          width={280}
        />
        {disconnect.error === null ? null : <Failed failure={disconnect.error} />}
      </Dialog>
    </div>
  );
}
