import { useAmountsHidden } from "../components/money";
import { masked } from "../format/masked";

function asItIs(sentence: string): string {
  return sentence;
}

/** For sentences of the program that carry amounts as text: covers them while they are hidden. */
export function useMask(): (sentence: string) => string {
  return useAmountsHidden() ? masked : asItIs;
}
