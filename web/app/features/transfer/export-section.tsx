import { FileJson, FileText } from "lucide-react";
import { useId, useState } from "react";
import { errorText } from "../../lib/error-text.ts";
import { Alert } from "../../ui/alert.tsx";
import { Button } from "../../ui/button.tsx";
import { type ExportFormat, saveChats } from "./save-chats.ts";

/** Exports all chats of the viewer. */
export function ExportSection() {
  const titleId = useId();
  const [pending, setPending] = useState<ExportFormat | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function save(format: ExportFormat) {
    if (pending) return;
    setPending(format);
    setSaved(null);
    setProblem(null);
    try {
      setSaved(await saveChats(undefined, format));
    } catch (error) {
      setProblem(errorText(error));
    }
    setPending(null);
  }

  return (
    <section
      aria-labelledby={titleId}
      className="rounded-2xl border border-line bg-raised p-5 shadow-raised sm:p-6"
    >
      <h2 id={titleId} className="text-lg font-semibold tracking-tight">
        Export all chats
      </h2>
      <p className="mt-1 text-muted text-pretty">
        JSON includes every version of each message and document and can be imported again. Markdown
        is easier to read. To export a single chat, use its menu in the sidebar.
      </p>
      <div className="mt-4">
        <Alert>{problem}</Alert>
        <div className="flex flex-wrap gap-3">
          <Button onClick={() => void save("json")} isPending={pending === "json"}>
            <FileJson aria-hidden className="size-4" /> Export as JSON
          </Button>
          <Button onClick={() => void save("markdown")} isPending={pending === "markdown"}>
            <FileText aria-hidden className="size-4" /> Export as Markdown
          </Button>
        </div>
        <p role="status" className="mt-3 text-sm text-muted empty:hidden wrap-anywhere">
          {saved && `${saved} was saved to your downloads.`}
        </p>
      </div>
    </section>
  );
}
