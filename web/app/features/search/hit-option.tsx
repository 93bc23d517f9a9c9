import { Autocomplete } from "@base-ui/react/autocomplete";
import type { SearchHit } from "api-worker/contracts/search";

interface HitOptionProps {
  readonly hit: SearchHit;
  readonly onOpen: () => void;
}

/** A search hit: the chat and the matching piece of text, with the words highlighted. */
export function HitOption({ hit, onOpen }: HitOptionProps) {
  const pieces = hit.snippet.map(({ text, isMatch }, index) =>
    isMatch ? (
      <mark key={index} className="rounded-[3px] bg-accent-soft font-medium text-accent">
        {text}
      </mark>
    ) : (
      text
    ),
  );
  return (
    <Autocomplete.Item
      value={hit}
      onClick={onOpen}
      // The library marks only selected values; a list of hits has none.
      render={(props, { highlighted }) => (
        <div {...props} role="option" aria-selected={highlighted} tabIndex={-1} />
      )}
      className="cursor-pointer rounded-lg px-3 py-2 data-highlighted:bg-hover"
    >
      <p dir="auto" className="truncate font-medium">
        {hit.messageId === null ? pieces : hit.title}
      </p>
      {hit.messageId !== null && (
        <p className="mt-0.5 line-clamp-2 text-sm text-muted wrap-anywhere">
          {hit.role === "user" ? "You: " : ""}
          <bdi>{pieces}</bdi>
        </p>
      )}
    </Autocomplete.Item>
  );
}
