import { useState } from "react";

import type { ExportParams, FailureView } from "../../api/types";
import { command } from "../../commands/catalog";
import { useCommands } from "../../commands/context";
import { Button } from "../../components/controls/button";
import { Menu } from "../../components/controls/menu";
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

/** The list as a file with its control totals; the program asks where it goes. */
export function ExportButton({ what }: { what: ExportParams["what"] }) {
  const scope = useScope();
  const say = useToast();
  const sayFailure = useFailureToast();
  const write = useWrite("export_report");
  const [isOpen, setOpen] = useState(false);
  useCommands([command("file.export", () => setOpen(true))]);
  const start = (id: string) => {
    const { format, paper } = FORMS[id as FormId];
    write.mutate(
      { scope, what, format, paper },
      {
        onSuccess: (reply) => {
          if (reply.kind === "written") say({ said: reply.said, undo: false });
        },
        onError: (failure: FailureView) => sayFailure(failure),
      },
    );
  };
  const entries = Object.entries(FORMS).map(([id, { label, note }]) => ({ id, label, note }));
  return (
    <Menu
      trigger={<Button>{write.isPending ? "Exporting" : "Export"}</Button>}
      label="Export this list"
      groups={[{ entries }]}
      onAction={start}
      open={isOpen}
      onOpenChange={setOpen}
    />
  );
}
