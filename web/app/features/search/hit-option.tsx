import { Autocomplete } from "@base-ui/react/autocomplete";
import type { SearchHit } from "api-worker/contracts/search";
import { MessageSquare } from "lucide-react";
import { kindIcons, kindNames } from "../../ui/document-kinds.ts";
import { Snippet } from "./snippet.tsx";

interface HitOptionProps {
  readonly hit: SearchHit;
  readonly onOpen: () => void;
}

/** A search hit: the chat or document, and the matching piece of text, with the words highlighted. */
export function HitOption({ hit, onOpen }: HitOptionProps) {
  const { document } = hit;
  const Icon = document ? kindIcons[document.kind] : MessageSquare;
  const isTitle = document ? document.isTitle : hit.messageId === null;
  return (
    <Autocomplete.Item
      value={hit}
      onClick={onOpen}
      // The library marks only selected values; a list of hits has none.
      render={(props, { highlighted }) => (
        <div {...props} role="option" aria-selected={highlighted} tabIndex={-1} />
      )}
      className="flex cursor-pointer gap-3 rounded-lg px-3 py-2 data-highlighted:bg-hover"
    >
      <Icon aria-hidden className="mt-1 size-4 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate font-medium">
          {document && <span className="sr-only">{kindNames[document.kind]}: </span>}
          {isTitle ? <Snippet pieces={hit.snippet} /> : hit.title}
        </p>
        {!isTitle && (
          <p className="mt-0.5 line-clamp-2 text-sm text-muted wrap-anywhere">
            {hit.role === "user" ? "You: " : ""}
            <bdi>
              <Snippet pieces={hit.snippet} />
            </bdi>
          </p>
        )}
      </div>
    </Autocomplete.Item>
  );
}
