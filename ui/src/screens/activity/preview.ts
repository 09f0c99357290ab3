/** Reply of `network()`: every host contacted. */
export interface NetworkView {
  /** "4 hosts, 1,204 requests since 3 Jul". */
  note: string;
  hosts: NetworkHost[];
}

export interface NetworkHost {
  host: string;
  purpose: string;
  /** Connection it belongs to, empty for the app's own. */
  connection: string;
  requests: number;
  /** "1.2 MB", ready. */
  sent: string;
  received: string;
  last: string;
}

declare module "../../api/types" {
  interface Params {
    network: Nothing;
  }
  interface Reply {
    network: NetworkView;
  }
}
