import type { HandOffValue, HandOffView } from "../../api/types";
import { Button, IconButton } from "../../components/controls/button";
import { TextField } from "../../components/controls/text_field";
import { useCopy } from "./copy";
import { Page } from "./page";
import styles from "./first-run.module.css";

function Value({ of }: { of: HandOffValue }) {
  const copy = useCopy();
  return (
    <>
      <dt>{of.label}</dt>
      <dd className={of.id ? "id" : undefined}>
        {of.lines.map((line) => (
          <span className={styles.value} key={line}>
            {line}
          </span>
        ))}
      </dd>
      <dd className={styles.copy}>
        {of.copy ? (
          <IconButton
            small
            icon="copy"
            label={`Copy ${of.label}`}
            onPress={() => copy(of.label, of.lines.join("\n"))}
          />
        ) : null}
      </dd>
    </>
  );
}

function Sheet({ view }: { view: HandOffView }) {
  return (
    <div className={styles.sheet}>
      <h1>{view.title}</h1>
      <p className={styles.lead}>{view.lead}</p>
      <ol className={styles.parts}>
        {view.steps.map((step) => (
          <li key={step.title}>
            <div>
              <h2>{step.title}</h2>
              <dl className={styles.values}>
                {step.values.map((value) => (
                  <Value of={value} key={value.label} />
                ))}
              </dl>
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Everything an administrator must set, without a secret, and the field for the one answer. */
export function HandOff(props: {
  view: HandOffView;
  appId: string;
  onAppId: (text: string) => void;
  onSignIn: () => void;
  onBack: () => void;
}) {
  const { view, appId } = props;
  const copy = useCopy();
  const closed = appId.trim() === "" ? "Paste the key first." : null;
  return (
    <Page className={styles.hand ?? ""} foot={<span>No secret stands on this page.</span>}>
      <Sheet view={view} />
      <aside className={styles.side} aria-label="Send this page">
        <div className={styles.send}>
          <Button kind="primary" icon="copy" onPress={() => copy("the page", view.text)}>
            Copy as text
          </Button>
          <Button onPress={props.onBack}>Back to the sign-in</Button>
        </div>
        <section>
          <TextField
            label="Consumer key"
            shown
            value={appId}
            onChange={props.onAppId}
            placeholder="Paste it here when it arrives"
            hint="Everything you entered so far is kept."
            width="100%"
          />
          <div className={styles.acts}>
            <Button closed={closed} onPress={props.onSignIn}>
              Sign in with this key
            </Button>
          </div>
        </section>
        <section>
          <h2>What your administrator will ask</h2>
          {view.questions.map((question) => (
            <p key={question.asked}>
              <b className="medium">{question.asked}</b> {question.answer}
            </p>
          ))}
        </section>
      </aside>
    </Page>
  );
}
