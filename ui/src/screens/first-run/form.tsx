import { Button } from "../../components/controls/button";
import { Segments, Select } from "../../components/controls/choice";
import { TextField } from "../../components/controls/text_field";
import { Failed, NothingYet } from "../../components/states/states";
import type { ConnectField, ConnectForm, ConnectStart, FailureView, System } from "../../api/types";
import { useCopy } from "./copy";
import { Page } from "./page";
import styles from "./first-run.module.css";

/** What was typed so far, per system. It is kept while a person waits for an administrator. */
export type Entered = Partial<Record<ConnectField["id"], string>>;

export function valueOf(field: ConnectField, entered: Entered): string {
  return entered[field.id] ?? field.preset;
}

function optional(text: string | undefined): string | null {
  const bare = text?.trim() ?? "";
  return bare === "" ? null : bare;
}

export function paramsOf(form: ConnectForm, entered: Entered): ConnectStart {
  const all = form.fields.map((field) => [field.id, valueOf(field, entered).trim()]);
  const typed: Entered = Object.fromEntries(all);
  return {
    system: form.system,
    name: typed.name ?? "",
    app_id: typed.app_id ?? "",
    secret: optional(typed.secret),
    address: optional(typed.address),
    relay: optional(typed.relay),
    calls: optional(typed.calls),
    scopes: optional(typed.scopes),
  };
}

/** The first required field that is empty, in words. */
function missing(form: ConnectForm, entered: Entered): string | null {
  const field = form.fields.find((one) => one.required && valueOf(one, entered).trim() === "");
  return field === undefined ? null : `${field.label} is needed first.`;
}

/** The choice that opens the field for a value of one's own. */
const OTHER = "other";

function Field(props: { field: ConnectField; value: string; onChange: (text: string) => void }) {
  const { field, value, onChange } = props;
  const known = field.choices.some((choice) => choice.value === value);
  const choose = field.choices.length > 0;
  const own = field.other === "" ? [] : [{ value: OTHER, label: field.other }];
  const options = [...field.choices, ...own];
  return (
    <div className={styles.field}>
      {choose ? (
        <Select
          label={field.label}
          shown
          options={options}
          value={known ? value : OTHER}
          onChange={(next) => onChange(next === OTHER ? "" : next)}
        />
      ) : null}
      {choose && known ? (
        <p className="small soft">{field.hint}</p>
      ) : (
        <TextField
          label={choose ? "Address" : field.label}
          shown={!choose}
          value={value}
          onChange={onChange}
          hint={field.hint}
          required={field.required}
          secret={field.secret}
          width="100%"
        />
      )}
    </div>
  );
}

function Callbacks({ of }: { of: string[] }) {
  const copy = useCopy();
  return (
    <section>
      <h2>Register these addresses at the app</h2>
      <p className="id">
        {of.map((line) => (
          <span className={styles.value} key={line}>
            {line}
          </span>
        ))}
      </p>
      <Button icon="copy" onPress={() => copy("callback addresses", of.join("\n"))}>
        Copy {of.length} lines
      </Button>
    </section>
  );
}

export type FormProps = {
  forms: ConnectForm[];
  system: System;
  entered: Entered;
  failure: FailureView | null;
  busy: boolean;
  onSystem: (system: System) => void;
  onEnter: (changes: Entered) => void;
  onStart: (params: ConnectStart) => void;
  onHandOff: () => void;
  onBack: () => void;
};

function Side({ form, onHandOff }: { form: ConnectForm; onHandOff: () => void }) {
  return (
    <aside className={styles.side} aria-label="What it needs">
      <section>
        <h2>You need</h2>
        <p>{form.needs}</p>
        {form.system === "salesforce" ? (
          <Button onPress={onHandOff}>Make the page for your administrator</Button>
        ) : null}
      </section>
      <Callbacks of={form.callbacks} />
      <section>
        <h2>No password is typed here</h2>
        <p>You sign in on the page of {form.name}, in your browser.</p>
      </section>
    </aside>
  );
}

/** What the sign-in needs to know: the customer's own app, and where to sign in. */
export function Connect(props: FormProps) {
  const { forms, system, entered } = props;
  const form = forms.find((one) => one.system === system);
  if (form === undefined) {
    return (
      <Page foot={null}>
        <NothingYet title="Nothing can be connected">This build knows no system.</NothingYet>
      </Page>
    );
  }
  const systems = forms.map((one) => ({ value: one.system, label: one.name }));
  const closed = missing(form, entered);
  return (
    <Page foot={<span>{form.promise}</span>} className={styles.columns ?? ""}>
      <div>
        <h1>Connect {form.name}</h1>
        <p className={styles.lead}>
          Tieout signs in with an app of your own. No server of ours stands between you and your
          data.
        </p>
        <div className={styles.form}>
          <Segments label="System" options={systems} value={system} onChange={props.onSystem} />
          {form.fields.map((field) => (
            <Field
              key={`${form.system} ${field.id}`}
              field={field}
              value={valueOf(field, entered)}
              onChange={(text) => props.onEnter({ [field.id]: text })}
            />
          ))}
        </div>
        <div className={styles.acts}>
          <Button
            kind="primary"
            closed={props.busy ? "Opening your browser." : closed}
            onPress={() => props.onStart(paramsOf(form, entered))}
          >
            Sign in to {form.name}
          </Button>
          <Button kind="quiet" onPress={props.onBack}>
            Back
          </Button>
        </div>
        {props.failure === null ? null : <Failed failure={props.failure} />}
      </div>
      <Side form={form} onHandOff={props.onHandOff} />
    </Page>
  );
}
