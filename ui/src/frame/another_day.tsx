import { useState } from "react";

import { Button } from "../components/controls/button";
import { Dialog } from "../components/controls/dialog";
import { TextField } from "../components/controls/text_field";
import { typedDay } from "../format/typed_day";

/** Asks for a day in words; the calendar of the machine plays no part. */
export function AnotherDay(props: {
  open: boolean;
  from: string;
  onClose: () => void;
  onChoose: (day: string) => void;
}) {
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const read = typedDay(typed, Number(props.from.slice(0, 4)));
  const close = () => {
    setTyped("");
    setTried(false);
    props.onClose();
  };
  const confirm = () => {
    if (read === null) {
      setTried(true);
      return;
    }
    props.onChoose(read);
    close();
  };
  return (
    <Dialog
      open={props.open}
      onClose={close}
      title="As of which day?"
      lead="Figures are shown as they stand at the end of that day."
      width={420}
      onConfirm={confirm}
      actions={
        <>
          <Button onPress={close}>Not now</Button>
          <Button kind="primary" onPress={confirm}>
            Show this day
          </Button>
        </>
      }
    >
      <TextField
        shown
        autoFocus
        label="Day"
        value={typed}
        onChange={setTyped}
        hint="For example 31 May 2026, or 2026-05-31"
        error={tried && read === null ? `"${typed}" is no day.` : null}
        onEnter={confirm}
      />
    </Dialog>
  );
}
