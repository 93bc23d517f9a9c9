import type { DocumentOutput } from "api-worker/contracts/documents";
import { type KeyboardEvent, useRef } from "react";
import { errorText } from "../../lib/error-text.ts";
import { ignoringComposition } from "../../lib/keyboard.ts";
import { trpc } from "../../lib/trpc.ts";

/** A document's title, which can be changed in place. Enter and blur save; Escape takes it back. */
export function TitleField({ document: { id, title } }: { document: DocumentOutput }) {
  const inputRef = useRef<HTMLInputElement>(null);
  const utils = trpc.useUtils();
  const rename = trpc.documents.rename.useMutation({
    onSuccess(document) {
      utils.documents.get.setData({ documentId: id }, (data) => data && { ...data, document });
      void utils.documents.list.invalidate();
    },
  });

  function save() {
    const input = inputRef.current;
    const wanted = input?.value.trim() ?? "";
    if (!input || wanted === title) return;
    if (wanted === "") input.value = title;
    else rename.mutate({ documentId: id, title: wanted });
  }

  const onKeyDown = ignoringComposition((event: KeyboardEvent) => {
    if (event.key === "Enter") inputRef.current?.blur();
    if (event.key === "Escape" && inputRef.current) {
      inputRef.current.value = title;
      inputRef.current.blur();
    }
  });

  return (
    <div className="min-w-0 flex-1">
      <input
        ref={inputRef}
        key={title}
        aria-label="Title"
        dir="auto"
        defaultValue={title}
        aria-invalid={rename.isError || undefined}
        onBlur={save}
        onKeyDown={onKeyDown}
        className="h-10 w-full truncate rounded-lg bg-transparent px-2 text-lg font-semibold tracking-tight hover:bg-hover focus-visible:outline-offset-0"
      />
      <p role="alert" className="px-2 text-sm text-danger empty:hidden">
        {rename.isError && errorText(rename.error)}
      </p>
    </div>
  );
}
