// Shapes that several screens share. They are a preview of what Rust generates: same names, same
// fields. Once src/api/types.ts has them, this file is deleted.
import type { Amount, Proof } from "../../api/types";

/** A place in the window. The UI turns it into an address; Rust never writes an address. */
export interface Target {
  screen:
    | "overview"
    | "receivables"
    | "deals"
    | "reconciliation"
    | "workpapers"
    | "activity"
    | "connections"
    | "settings";
  /** Tab or saved view of that screen, `null` for its first one. */
  view: string | null;
  /** Id of the record whose drawer opens, `null` for none. */
  record: string | null;
  /** Company and day to look at; `null` leaves the scope as it is. */
  ledger: string | null;
  as_of: string | null;
}

/** A sentence in pieces, so that amounts can be set as figures and hidden under privacy. */
export type Phrase = PhrasePart[];

export type PhrasePart =
  | { kind: "text"; text: string }
  /** `tone` gap: money that should have been invoiced. `target` makes the figure a link. */
  | { kind: "amount"; amount: Amount; tone: "plain" | "strong" | "gap"; target: Target | null }
  /** Number of a document, code of a product: set in the face of ids. */
  | { kind: "id"; text: string; target: Target | null };

/** Which of the semantic colours. The shape and the word carry the meaning as well. */
export type Tone = "ok" | "warn" | "bad" | "unsure" | "soft";

/** Status is shape, word and colour, always the three together. */
export interface Status {
  /** Name of a glyph, as everywhere. */
  glyph: string;
  /** The word as it is printed, e.g. "Suspended". */
  word: string;
  tone: Tone;
}

/** A printed total: never without what its rule says. */
export interface ProvedAmount {
  amount: Amount;
  proof: Proof;
}

/** One value with a name, for the lists of facts. The text is ready to print. */
export interface Fact {
  label: string;
  value: string;
}
