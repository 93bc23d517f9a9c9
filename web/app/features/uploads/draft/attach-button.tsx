import { Paperclip } from "lucide-react";
import { useRef } from "react";
import { IconButton } from "../../../ui/button.tsx";

/**
 * File types for the file picker. Picture types are listed one by one, so that a phone converts its
 * own format to one of them. Source code is recognised by extension only.
 */
const accepted = [
  "image/jpeg,image/png,image/gif,image/webp,application/pdf,application/json,text/*",
  ".md,.csv,.json,.jsonl,.yaml,.yml,.toml,.ini,.log,.sql,.xml,.js,.mjs,.jsx,.ts,.tsx,.vue,.svelte",
  ".css,.scss,.py,.rb,.php,.pl,.lua,.r,.go,.rs,.java,.kt,.scala,.cs,.swift,.c,.h,.cpp,.hpp,.sh",
].join(",");

/** A button that opens the file picker. */
export function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const inputRef = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton
        label="Attach files"
        className="rounded-full!"
        onClick={() => inputRef.current?.click()}
      >
        <Paperclip size={18} aria-hidden />
      </IconButton>
      <input
        ref={inputRef}
        type="file"
        multiple
        accept={accepted}
        aria-label="Files to attach"
        tabIndex={-1}
        className="hidden"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // Allows choosing the same file again.
          event.target.value = "";
        }}
      />
    </>
  );
}
