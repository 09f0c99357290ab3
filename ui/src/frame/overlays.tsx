import { HelpSheet } from "../components/help/help_sheet";
import { PaletteDialog } from "../components/palette/palette";

export type OverlayName = "palette" | "help";

/** The floating parts that any command may open. */
export function Overlays(props: { open: OverlayName | null; onClose: () => void }) {
  return (
    <>
      <PaletteDialog open={props.open === "palette"} onClose={props.onClose} />
      <HelpSheet open={props.open === "help"} onClose={props.onClose} />
    </>
  );
}
