import { ChoiceRow, FlagRow } from "./row";

export function Display() {
  return (
    <>
      <ChoiceRow
        name="Negative amounts"
        note="Exports always carry plain numbers."
        field="negative"
        options={[
          { value: "brackets", label: "(1,234.00)" },
          { value: "minus", label: "\u22121,234.00" },
        ]}
      />
      <ChoiceRow
        name="Row height"
        field="density"
        options={[
          { value: "compact", label: "Compact 24" },
          { value: "standard", label: "Standard 28" },
          { value: "comfortable", label: "Comfortable 36" },
        ]}
      />
      <ChoiceRow
        name="Theme"
        field="theme"
        options={[
          { value: "light", label: "Light" },
          { value: "dark", label: "Dark" },
          { value: "system", label: "As the system" },
        ]}
      />
      <ChoiceRow
        name="Paper of PDF files"
        field="paper"
        options={[
          { value: "a4", label: "A4" },
          { value: "letter", label: "US Letter" },
        ]}
      />
      <FlagRow
        name="Single keys"
        note="Letters such as R and A act at once. Off: only shortcuts with a modifier act."
        flag="single_keys"
      />
    </>
  );
}
