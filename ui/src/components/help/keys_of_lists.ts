import type { HelpGroup } from "./help_sheet";

/** Keys that belong to the grid itself and are no commands. */
export const KEYS_OF_LISTS: HelpGroup = {
  title: "In a list",
  lines: [
    { title: "Move", keys: ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"] },
    { title: "First or last row", keys: ["Mod+ArrowUp", "Mod+ArrowDown"] },
    { title: "First or last column", keys: ["Home", "End"] },
    { title: "Collapse or expand a group", keys: ["ArrowLeft", "ArrowRight"] },
    { title: "Extend the selection", keys: ["Shift+ArrowDown"] },
    { title: "Select the row", keys: ["X"] },
    { title: "Select all rows of the filter", keys: ["Mod+A"] },
    { title: "Look at a record, stay in the list", keys: ["Space"] },
    { title: "Open a record or edit a cell", keys: ["Enter"] },
    { title: "Open in the source system", keys: ["Mod+Enter"] },
    { title: "Next or previous record from its drawer", keys: ["J", "K"] },
    { title: "Sort by this column", keys: ["S"] },
    { title: "Filter by this column", keys: ["F"] },
    { title: "Filter by this value", keys: ["Shift+F"] },
    { title: "Copy as plain numbers", keys: ["Mod+C"] },
    { title: "Menu of this column", keys: ["Alt+ArrowDown"] },
    { title: "Width of this column", keys: ["Alt+ArrowLeft", "Alt+ArrowRight"] },
    { title: "Move this column", keys: ["Alt+Shift+ArrowLeft", "Alt+Shift+ArrowRight"] },
  ],
};
