// Replies that src/api/types.ts does not have yet.

/** Rust opens the native dialog; the reply says where the file lies, or that it was closed. */
export type ExportReply =
  | { kind: "written"; said: string; files: { name: string; hash: string; unproved: number }[] }
  | { kind: "closed" };

/** What checking an exported file against the audit trail found. */
export type VerifyReply =
  | { kind: "verified"; said: string; hash: string }
  | { kind: "refused"; said: string; next_step: string }
  | { kind: "closed" };

declare module "../../api/types" {
  interface Params {
    export_report: {
      scope: Scope;
      what: string;
      format: "pdf" | "xlsx" | "csv";
      paper: "a4" | "letter";
    };
    /** Opens a native dialog for the file to check. */
    verify: Record<string, never>;
  }
  interface Reply {
    export_report: ExportReply;
    verify: VerifyReply;
  }
}
