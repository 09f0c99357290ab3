// Shapes that previews of replies share and that src/api/types.ts does not have yet.
import type { Amount, PhrasePart, Proof } from "../../api/types";

/** A sentence in pieces, so that amounts can be set as figures and hidden under privacy. */
export type Phrase = PhrasePart[];

/** A printed total: never without what its rule says. */
export interface ProvedAmount {
  amount: Amount;
  proof: Proof;
}
