import { useState } from "react";

import type { FailureView } from "../../api/types";
import { Button } from "../../components/controls/button";
import { Dialog } from "../../components/controls/dialog";
import { Menu } from "../../components/controls/menu";
import { Failed } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { useScope } from "../../frame/scope";
import { useWrite } from "../../platform/reply";

type Form = { format: "pdf" | "xlsx" | "csv"; paper: "a4" | "letter" };

const FORMS: Record<string, Form & { label: string; note: string }> = {
  pdf_a4: { label: "PDF", note: "A4", format: "pdf", paper: "a4" },
  pdf_letter: { label: "PDF", note: "US Letter", format: "pdf", paper: "letter" },
  xlsx: { label: "XLSX", note: "live formulas", format: "xlsx", paper: "a4" },
  csv: { label: "CSV", note: "one file per section", format: "csv", paper: "a4" },
};

/** The month's workpaper as a file; the program asks where it goes. */
export function ExportMenu() {
  const scope = useScope();
  const say = useToast();
  const write = useWrite("export_report");
  const [failure, setFailure] = useState<FailureView | null>(null);
  const start = (id: string) => {
    const form = FORMS[id];
    if (form === undefined) return;
    const { format, paper } = form;
    write.mutate(
      { scope, what: "workpaper", format, paper, shown: null },
      {
        onSuccess: (reply) => {
          if (reply.kind === "written") say({ said: reply.said, undo: false });
        },
        onError: setFailure,
      },
    );
  };
  const entries = Object.entries(FORMS).map(([id, { label, note }]) => ({ id, label, note }));
  return (
    <>
      <Menu
        trigger={<Button>{write.isPending ? "Exporting" : "Export"}</Button>}
        label="Export the workpaper"
        groups={[{ entries }]}
        onAction={start}
      />
      <Dialog
        open={failure !== null}
        onClose={() => setFailure(null)}
        title="The file was not written"
        actions={<Button onPress={() => setFailure(null)}>Close</Button>}
      >
        {failure === null ? null : <Failed failure={failure} />}
      </Dialog>
    </>
  );
}
