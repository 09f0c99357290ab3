import { FlagRow } from "./row";

export function Privacy() {
  return (
    <>
      <FlagRow
        name="Hide amounts"
        note="Amounts become equal bars, in tables, charts and the tray. Hold Alt to read one."
        flag="hide_amounts"
      />
      <FlagRow
        name="Hide names as well"
        note="Accounts and people are covered too, for a screen that others see."
        flag="hide_names"
      />
    </>
  );
}
