import { useId, useState } from "react";
import { indented } from "../../../lib/indented.ts";
import type { ChatMessage } from "../message.ts";
import { DisclosureArrow, DisclosureLine, disclosedClass, RawText } from "./disclosure.tsx";

export interface LegacyPartProps {
  readonly part: Extract<ChatMessage["parts"][number], { type: "data-legacy" }>;
}

/** A part of a chat that was moved here and that no kind of part can show: its raw data, closed at first. */
export function LegacyPart({ part }: LegacyPartProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="max-w-full text-sm text-muted">
      <DisclosureLine
        isOpen={isOpen}
        controls={id}
        onToggle={() => setOpen(!isOpen)}
        className="gap-1.5"
      >
        <DisclosureArrow isOpen={isOpen} />
        From an older version — {isOpen ? "hide" : "show"} raw data
      </DisclosureLine>
      <div id={id} hidden={!isOpen} className={disclosedClass}>
        {/* It can have most of a megabyte, so a closed one has none of it in the page. */}
        {isOpen && <Raw part={part} />}
      </div>
    </div>
  );
}

function Raw({ part: { data } }: LegacyPartProps) {
  return (
    <>
      <p className="text-xs font-medium wrap-anywhere">{data.type}</p>
      <RawText>{indented(data.json)}</RawText>
    </>
  );
}
