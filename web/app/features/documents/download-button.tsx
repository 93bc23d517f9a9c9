import type { DocumentOutput } from "api-worker/contracts/documents";
import { Download } from "lucide-react";
import { useState } from "react";
import { saveFile } from "../../lib/save-file.ts";
import { IconButton } from "../../ui/button.tsx";
import { lazyModal } from "../../ui/lazy-modal.tsx";
import { documentFileName } from "./document-file.ts";

const FormulasDialog = lazyModal(() => import("./sheet/formulas-dialog.tsx"));

interface DownloadButtonProps {
  readonly label: string;
  readonly document: DocumentOutput;
  readonly readContent: () => string;
}

/**
 * Downloads a document's content, byte for byte. For a sheet with cells that spreadsheet programs may
 * run as formulas, it asks before.
 */
export function DownloadButton({ label, document, readContent }: DownloadButtonProps) {
  const [formulas, setFormulas] = useState<number | null>(null);
  const type = document.kind === "sheet" ? "text/csv" : "text/plain";
  const save = (content: string) =>
    saveFile(documentFileName(document), [content], `${type};charset=utf-8`);

  async function download() {
    const content = readContent();
    if (document.kind !== "sheet") return save(content);
    const { countFormulas } = await import("./sheet/csv/formulas.ts");
    const count = countFormulas(content);
    if (count === 0) save(content);
    else setFormulas(count);
  }

  return (
    <>
      <IconButton label={label} onClick={() => void download()}>
        <Download aria-hidden className="size-[1.125rem]" />
      </IconButton>
      {formulas !== null && (
        <FormulasDialog
          count={formulas}
          content={readContent()}
          onSave={save}
          onClose={() => setFormulas(null)}
        />
      )}
    </>
  );
}
