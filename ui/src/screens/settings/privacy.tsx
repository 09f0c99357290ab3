import { FlagRow } from "./row";

export function Privacy() {
  return (
    <FlagRow
      name="Hide amounts"
      note="Amounts become equal bars, in tables, charts and the tray. Hold Alt to read one."
      flag="hide_amounts"
    />
  );
}
