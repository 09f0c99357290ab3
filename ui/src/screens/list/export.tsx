import { useState } from "react";

import type { ExportParams, FailureView, GridQuery } from "../../api/types";
import { command } from "../../commands/catalog";
import { useCommands } from "../../commands/context";
import { Button } from "../../components/controls/button";
import { Menu, type MenuGroup } from "../../components/controls/menu";
import { useViewInAddress } from "../../components/grid";
import { useFailureToast, useToast } from "../../components/toast/toast";
import { useScope } from "../../frame/scope";
import { useWrite } from "../../platform/reply";

const FORMS = {
  csv: { label: "CSV", note: "plain values", format: "csv", paper: "a4" },
  xlsx: { label: "XLSX", note: "live sums", format: "xlsx", paper: "a4" },
  pdf_a4: { label: "PDF", note: "A4", format: "pdf", paper: "a4" },
  pdf_letter: { label: "PDF", note: "US Letter", format: "pdf", paper: "letter" },
} as const;

type FormId = keyof typeof FORMS;
type Extent = "all" | "shown";

const entriesOf = (extent: Extent) =>
  Object.entries(FORMS).map(([id, { label, note }]) => ({ id: `${extent} ${id}`, label, note }));

/** What the list shows now, or null where that is every row in its own order. */
function useShown(): GridQuery | null {
  const { view } = useViewInAddress();
  const { sort, filters, text } = view;
  const isPlain = sort.length === 0 && filters.length === 0 && text.trim() === "";
  return isPlain ? null : { sort: [...sort], filters: [...filters], text, offset: 0, limit: 0 };
}

/** The list as a file with its control totals; the program asks where it goes. */
export function ExportButton({ what }: { what: ExportParams["what"] }) {
  const scope = useScope();
  const say = useToast();
  const sayFailure = useFailureToast();
  const write = useWrite("export_report");
  const shown = useShown();
  const [isOpen, setOpen] = useState(false);
  useCommands([command("file.export", () => setOpen(true))]);
  const start = (chosen: string) => {
    const [extent, id] = chosen.split(" ");
    const { format, paper } = FORMS[id as FormId];
    write.mutate(
      { scope, what, format, paper, shown: extent === "shown" ? shown : null },
      {
        onSuccess: (reply) => {
          if (reply.kind === "written") say({ said: reply.said, undo: false });
        },
        onError: (failure: FailureView) => sayFailure(failure),
      },
    );
  };
  // Without a filter or an order of one's own there is nothing to choose.
  const groups: MenuGroup[] =
    shown === null
      ? [{ entries: entriesOf("all") }]
      : [
          { title: "As shown", entries: entriesOf("shown") },
          { title: "All rows", entries: entriesOf("all") },
        ];
  return (
    <Menu
      trigger={<Button>{write.isPending ? "Exporting" : "Export"}</Button>}
      label="Export this list"
      groups={groups}
      onAction={start}
      open={isOpen}
      onOpenChange={setOpen}
    />
  );
}
