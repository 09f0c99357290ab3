export type { Fact, Phrase, ProvedAmount, Status, Target } from "../../components/phrase/preview";
export type { Share } from "../../components/charts/preview";
