import type { ConnectState } from "../../api/types";
import { useRef, useState } from "react";

import { useCommands } from "../../commands/context";
import { Button } from "../../components/controls/button";
import { Select } from "../../components/controls/choice";
import { TextField } from "../../components/controls/text_field";
import { Glyph } from "../../components/glyph";
import { Failed } from "../../components/states/states";
import { useWrite } from "../../platform/reply";
import { leftUntil, useNow } from "./clock";
import { useCopy } from "./copy";
import { Page } from "./page";
import { Remedies } from "./remedies";
import { Steps, type Step } from "./steps";
import styles from "./first-run.module.css";

/** After this long without an answer the first row of help is marked. */
const LATE_MS = 40_000;

function timed(state: ConnectState, now: number): Step[] {
  const left = leftUntil(state.expires_at, now);
  const waits = left === null ? "The link no longer works" : `The link works for ${left} more`;
  return state.steps.map((step) => {
    const here = step.state === "now" && state.stage === "waiting" && step.note === "";
    return here ? { ...step, note: waits } : step;
  });
}

function Paste({ only, inputRef }: { only: boolean; inputRef: React.Ref<HTMLInputElement> }) {
  const [address, setAddress] = useState("");
  const paste = useWrite("connect_paste");
  const finish = () => paste.mutate({ address: address.trim() });
  return (
    <section className={styles.paste}>
      <TextField
        label="Address the browser ended on"
        shown
        value={address}
        onChange={setAddress}
        hint={
          only
            ? "Your app sends the browser to a page of yours. Copy its whole address here."
            : "Only if the browser does not come back by itself. Copy the whole address here."
        }
        error={paste.error === null ? null : `${paste.error.title}. ${paste.error.next_step}`}
        width="100%"
        inputRef={inputRef}
      />
      <div className={styles.acts}>
        <Button
          kind={only ? "primary" : "normal"}
          closed={address.trim() === "" ? "Paste it first." : null}
          onPress={finish}
        >
          Finish with this address
        </Button>
      </div>
    </section>
  );
}

function Findings({ of }: { of: ConnectState["findings"] }) {
  return (
    <ul className={styles.findings} aria-label="What this user may read">
      {of.map((finding) => (
        <li key={finding.sentence}>
          <Glyph
            name={finding.ok ? "complete" : "late"}
            label={finding.ok ? "may be read" : "missing"}
          />
          <div>
            {finding.sentence}
            {finding.remedy === "" ? null : <p className="soft small">{finding.remedy}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The sign-in reaches several organisations: a person says which. */
function Organisations(props: { of: ConnectState["organisations"]; onCancel: () => void }) {
  const [organisation, setOrganisation] = useState<string | null>(null);
  const choose = useWrite("connect_choose");
  const connect = () => {
    if (organisation !== null) choose.mutate({ organisation });
  };
  const closed = choose.isPending ? "Connecting." : "Choose one first.";
  return (
    <section className={styles.paste}>
      <Select
        label="Organisation to connect"
        shown
        options={props.of.map(({ id, name }) => ({ value: id, label: name, note: id }))}
        value={organisation}
        onChange={setOrganisation}
      />
      <p className="small soft">Each organisation is a connection of its own with its own name.</p>
      <div className={styles.acts}>
        <Button
          kind="primary"
          closed={organisation === null || choose.isPending ? closed : null}
          onPress={connect}
        >
          Connect this organisation
        </Button>
        <Button kind="quiet" keys="Escape" onPress={props.onCancel}>
          Cancel
        </Button>
      </div>
      {choose.error === null ? null : <Failed failure={choose.error} />}
    </section>
  );
}

export type WaitingProps = {
  state: ConnectState;
  /** The system that is connected after this one. */
  next: string | null;
  onCancel: () => void;
  onRetry: () => void;
  onHandOff: () => void;
  onDone: () => void;
  onNext: () => void;
};

function Ended({ state, next, onDone, onNext, onRetry, onCancel }: WaitingProps) {
  if (state.stage === "failed" && state.failure !== null) {
    return (
      <Failed
        failure={state.failure}
        action={<Button onPress={onCancel}>Change what was entered</Button>}
        onRetry={onRetry}
      />
    );
  }
  return (
    <>
      <Findings of={state.findings} />
      <div className={styles.acts}>
        <Button kind="primary" onPress={onDone}>
          Go to the overview
        </Button>
        {next === null ? null : (
          <Button onPress={onNext}>
            Connect {state.system === "salesforce" ? "your books" : next}
          </Button>
        )}
      </div>
    </>
  );
}

/** The browser has the sign-in; this page says what happens and helps when nothing does. */
export function Waiting(props: WaitingProps) {
  const { state } = props;
  const [since] = useState(() => Date.now());
  const now = useNow();
  const pasteField = useRef<HTMLInputElement>(null);
  const copy = useCopy();
  const open = useWrite("open_link");
  const ended = state.stage === "done" || state.stage === "failed";
  const openAgain = () => open.mutate({ link: state.link });
  const copyLink = () => copy("link", state.link);
  const cancel = { id: "connect.cancel", title: "Cancel the sign-in", group: "File" as const };
  useCommands(ended ? [] : [{ ...cancel, keys: ["Escape"], run: props.onCancel }]);
  const acts = {
    hand_off: props.onHandOff,
    open_again: openAgain,
    copy_link: copyLink,
    paste: () => pasteField.current?.focus(),
  };
  return (
    <Page
      className={styles.columns ?? ""}
      foot={<span>Reads only. Nothing is written until you switch it on.</span>}
    >
      <div>
        <h1>{state.title}</h1>
        <p className={styles.lead}>
          A page opened in your browser. Tieout continues by itself when you allow access there. You
          never type a password here.
        </p>
        <div aria-live="polite">
          <Steps of={timed(state, now)} />
        </div>
        {ended ? (
          <Ended {...props} />
        ) : state.stage === "choosing" ? (
          <Organisations of={state.organisations} onCancel={props.onCancel} />
        ) : (
          <>
            <div className={styles.acts}>
              <Button kind="primary" onPress={openAgain}>
                Open the page again
              </Button>
              <Button icon="copy" onPress={copyLink}>
                Copy link
              </Button>
              <Button kind="quiet" keys="Escape" onPress={props.onCancel}>
                Cancel
              </Button>
            </div>
            <Paste only={state.paste_only} inputRef={pasteField} />
          </>
        )}
      </div>
      <Remedies of={state.remedies} late={!ended && now - since > LATE_MS} acts={acts} />
    </Page>
  );
}
