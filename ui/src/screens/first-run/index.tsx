import type { ConnectForm, ConnectFormsView, ConnectStart, System } from "../../api/types";
import { useState } from "react";

import { Skeleton } from "../../components/states/skeleton";
import { Failed } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { useAddress, useGo } from "../../frame/address";
import { useReply, useWrite } from "../../platform/reply";
import { Connect, type Entered } from "./form";
import { HandOff } from "./hand-off";
import { Opening } from "./opening";
import { Page } from "./page";
import { Start } from "./start";
import { Waiting } from "./waiting";

function useSystem(forms: ConnectFormsView): System {
  const named = useAddress().search["system"];
  return forms.systems.find((form) => form.system === named)?.system ?? "salesforce";
}

/** After Salesforce come the books, and after the books Salesforce. */
function nextOf(forms: ConnectFormsView, system: System): ConnectForm | undefined {
  const books = system === "salesforce";
  return forms.systems.find((form) => (form.system === "salesforce") !== books);
}

/** What was typed stays while a person looks at the other pages of the sign-in. */
function useEntered() {
  const [all, setAll] = useState<Partial<Record<System, Entered>>>({});
  const enter = (system: System, changes: Entered) =>
    setAll((now) => ({ ...now, [system]: { ...now[system], ...changes } }));
  return { of: (system: System) => all[system] ?? {}, enter };
}

/** The pages of a sign-in: what is needed, the page for the administrator, the browser. */
function SignIn({ forms }: { forms: ConnectFormsView }) {
  const { search, patch } = useAddress();
  const go = useGo();
  const system = useSystem(forms);
  const entered = useEntered();
  const start = useWrite("connect_start");
  const cancel = useWrite("cancel_task");
  const state = useReply("connect_state", {});
  const step = (name: string) => patch({ step: name }, { push: true });
  const begin = (params: ConnectStart) =>
    start.mutate(params, {
      onSuccess: () => {
        void state.refetch();
        step("sign-in");
      },
    });
  const at = search["step"];
  if (at === "hand-off") {
    return (
      <HandOff
        view={forms.hand_off}
        appId={entered.of("salesforce").app_id ?? ""}
        onAppId={(app_id) => entered.enter("salesforce", { app_id })}
        onSignIn={() => patch({ step: "connect", system: "salesforce" }, { push: true })}
        onBack={() => step(state.data === null ? "connect" : "sign-in")}
      />
    );
  }
  const shown = state.data ?? null;
  if (at === "sign-in" && shown !== null) {
    const next = nextOf(forms, shown.system);
    return (
      <Waiting
        state={shown}
        next={next?.name ?? null}
        onCancel={() => {
          if (shown.stage !== "failed") cancel.mutate({ task: "connect" });
          step("connect");
        }}
        onRetry={() => step("connect")}
        onHandOff={() => step("hand-off")}
        onDone={() => go("/overview")}
        onNext={() => patch({ step: "connect", system: next?.system ?? null }, { push: true })}
      />
    );
  }
  return (
    <Connect
      forms={forms.systems}
      system={system}
      entered={entered.of(system)}
      failure={start.error}
      busy={start.isPending}
      onSystem={(next) => patch({ system: next })}
      onEnter={(changes) => entered.enter(system, changes)}
      onStart={begin}
      onHandOff={() => step("hand-off")}
      onBack={() => patch({ step: null, system: null }, { push: true })}
    />
  );
}

function SignInPages() {
  const forms = useReply("connect_forms", {});
  if (forms.isError) {
    return (
      <Page foot={null}>
        <Failed failure={forms.error} onRetry={() => void forms.refetch()} />
      </Page>
    );
  }
  if (forms.data === undefined) {
    return (
      <Page foot={null}>
        <Skeleton label="Loading the sign-in" widths={["40%", "60%", "50%", "50%"]} />
      </Page>
    );
  }
  return <SignIn forms={forms.data} />;
}

/** The sample is opened, or a folder for a company of one's own is chosen. */
function Ways() {
  const { patch } = useAddress();
  const go = useGo();
  const app = useReply("app_state", {});
  const open = useWrite("open_sample");
  const create = useWrite("new_workspace");
  const say = useToast();
  const cancel = useWrite("cancel_task");
  const sample = () =>
    open.mutate({}, { onSuccess: () => void app.refetch().then(() => go("/overview")) });
  const connect = () => patch({ step: "connect" }, { push: true });
  const own = () => {
    if (app.data?.has_workspace === true) {
      connect();
      return;
    }
    create.mutate(
      {},
      {
        onSuccess: (receipt) => {
          if (receipt.said === "") return;
          say(receipt);
          connect();
        },
      },
    );
  };
  if (open.isPending || open.isError) {
    return (
      <Opening
        failure={open.error}
        onCancel={() => {
          if (open.isPending) cancel.mutate({ task: "sample" });
          open.reset();
        }}
        onRetry={sample}
      />
    );
  }
  return <Start onSample={sample} onConnect={own} failure={create.error} />;
}

export function Screen() {
  const { search } = useAddress();
  return search["step"] === undefined ? <Ways /> : <SignInPages />;
}
