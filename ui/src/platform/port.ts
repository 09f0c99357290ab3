import type { AppEvent, CommandName, Params, Reply } from "../api/types";

/** The complete surface through which the page reaches anything outside itself. */
export interface Platform {
  /** Rejects with a FailureView and with nothing else. */
  call<C extends CommandName>(name: C, params: Params[C]): Promise<Reply[C]>;
  /** Returns the function that ends the subscription. */
  on(handler: (event: AppEvent) => void): () => void;
}
