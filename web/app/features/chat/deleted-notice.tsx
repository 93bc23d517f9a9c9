import { Trash2 } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { linkLooks } from "../../ui/link-looks.ts";

interface DeletedNoticeProps {
  /** Whether the unsent text was moved to the composer of a new chat. */
  readonly hasKeptDraft: boolean;
}

/** Replaces a chat that was deleted on another device or in another tab. */
export function DeletedNotice({ hasKeptDraft }: DeletedNoticeProps) {
  const headingRef = useRef<HTMLHeadingElement>(null);
  // Replaces the lost focus, and makes screen readers announce the notice.
  useEffect(() => headingRef.current?.focus(), []);
  return (
    <div className="grid min-h-0 flex-1 place-items-center overflow-y-auto px-5 py-16">
      <title>Chat deleted · Alleato Chat</title>
      <div className="max-w-md text-center">
        <Trash2 aria-hidden className="mx-auto size-9 text-muted" strokeWidth={1.5} />
        <h1
          ref={headingRef}
          tabIndex={-1}
          className="mt-5 text-2xl font-semibold tracking-tight text-balance outline-none"
        >
          This chat was deleted
        </h1>
        <p className="mt-2 text-muted text-pretty">
          It was deleted in another tab or on another device.
          {hasKeptDraft && " Your draft was kept and moved to a new chat."}
        </p>
        <Link to="/" className={`mt-7 ${linkLooks.primary}`}>
          Start a new chat
        </Link>
      </div>
    </div>
  );
}
