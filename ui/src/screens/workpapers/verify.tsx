import { useState } from "react";

import type { FailureView, VerifyReply } from "../../api/types";
import { Button } from "../../components/controls/button";
import { Dialog } from "../../components/controls/dialog";
import { Facts, Status } from "../../components/phrase";
import { Failed } from "../../components/states/states";
import { useReply, useWrite } from "../../platform/reply";
import styles from "./workpapers.module.css";

type Checked = Extract<VerifyReply, { kind: "checked" }>;

function titleOf(checked: Checked | null, failure: FailureView | null): string {
  if (failure !== null) return "The file was not verified";
  return checked?.hash === "" ? "The file is another one" : "File verified";
}

/** Asks for a file on this computer and says whether it is one that was exported here. */
export function VerifyFile() {
  const { data: app } = useReply("app_state", {});
  const write = useWrite("verify_file");
  const [checked, setChecked] = useState<Checked | null>(null);
  const [failure, setFailure] = useState<FailureView | null>(null);
  const start = () =>
    write.mutate(
      {},
      {
        onSuccess: (reply) => {
          if (reply.kind === "checked") setChecked(reply);
        },
        onError: setFailure,
      },
    );
  const shut = () => {
    setChecked(null);
    setFailure(null);
  };
  return (
    <>
      <Button
        closed={write.isPending ? "A file is being verified." : (app?.read_only ?? null)}
        onPress={start}
      >
        Verify a file…
      </Button>
      <Dialog
        open={checked !== null || failure !== null}
        onClose={shut}
        title={titleOf(checked, failure)}
        actions={<Button onPress={shut}>Close</Button>}
      >
        {failure === null ? null : <Failed failure={failure} />}
        {checked === null ? null : (
          <div className={styles.checked}>
            <p>
              <Status of={checked.status} />
            </p>
            <p>{checked.sentence}</p>
            <Facts
              of={
                checked.hash === ""
                  ? checked.facts
                  : [...checked.facts, { label: "SHA-256", value: checked.hash }]
              }
            />
          </div>
        )}
      </Dialog>
    </>
  );
}
