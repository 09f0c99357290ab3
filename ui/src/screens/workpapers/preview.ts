/** What checking an exported file against the audit trail found. Not yet in src/api/types.ts. */
export type VerifyReply =
  | { kind: "verified"; said: string; hash: string }
  | { kind: "refused"; said: string; next_step: string }
  | { kind: "closed" };

declare module "../../api/types" {
  interface Params {
    /** Opens a native dialog for the file to check. */
    verify: Nothing;
  }
  interface Reply {
    verify: VerifyReply;
  }
}
