import type { InspectedMessageOutput } from "api-worker/contracts/admin-chats";
import { useState } from "react";
import type { Reader } from "../../../../lib/date-groups.ts";
import { timeText } from "../../../../lib/date-text.ts";
import { indented } from "../../../../lib/indented.ts";
import { trpc } from "../../../../lib/trpc.ts";
import { Button } from "../../../../ui/button.tsx";
import { QueryFailure } from "../../../../ui/load-state.tsx";
import { Badge } from "../../users/user-name.tsx";
import { statusNames } from "../chat-filter.ts";
import { textOfParts } from "./text-of-parts.ts";

interface InspectedMessageProps {
  readonly accessId: string;
  readonly message: InspectedMessageOutput;
  readonly reader: Reader;
  /** Whether the branch that the owner sees ends here. */
  readonly isLast: boolean;
}

/** A message as it is stored: its text, its facts, and on request its parts and its turn's log. */
export function InspectedMessage({ accessId, message, reader, isLast }: InspectedMessageProps) {
  const [shown, setShown] = useState<"parts" | "log" | null>(null);
  const { id, parentId, role, status, streamId, errorCode } = message;
  const toggle = (what: "parts" | "log") => setShown(shown === what ? null : what);
  return (
    <li id={id} className="rounded-2xl border border-line bg-raised p-4 sm:p-5">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-medium">{role === "user" ? "Question" : "Answer"}</h3>
        {status !== "complete" && (
          <Badge isDanger={status === "failed" || status === "interrupted"}>
            {statusNames[status]}
          </Badge>
        )}
        {isLast && <Badge>Shown last</Badge>}
      </div>
      <p className="mt-2 whitespace-pre-wrap wrap-anywhere">{textOfParts(message.parts)}</p>
      <dl className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        <Fact name="Sent" value={timeText(message.createdAt, reader)} />
        <Fact name="Model" value={message.modelId} />
        <Fact name="Tokens in" value={message.inputTokens?.toLocaleString("en") ?? null} />
        <Fact name="Tokens out" value={message.outputTokens?.toLocaleString("en") ?? null} />
        <Fact name="Error" value={errorCode} />
        <Fact name="Id" value={id} />
        <Fact name="Follows" value={parentId} />
      </dl>
      <div className="mt-3 flex flex-wrap gap-3">
        <Button isSmall aria-expanded={shown === "parts"} onClick={() => toggle("parts")}>
          Raw parts
        </Button>
        {streamId !== null && (
          <Button isSmall aria-expanded={shown === "log"} onClick={() => toggle("log")}>
            Turn log
          </Button>
        )}
      </div>
      {shown === "parts" && <Raw label="Raw parts" text={indented(message.parts)} />}
      {shown === "log" && streamId !== null && <TurnLog {...{ accessId, streamId }} />}
    </li>
  );
}

function Fact({ name, value }: { name: string; value: string | null }) {
  if (value === null) return null;
  return (
    <div className="flex gap-1.5 wrap-anywhere">
      <dt>{name}</dt>
      <dd className="text-ink">{value}</dd>
    </div>
  );
}

function TurnLog({ accessId, streamId }: { accessId: string; streamId: string }) {
  const log = trpc.admin.chats.turnLog.useQuery({ accessId, streamId });
  if (log.isPending) return <p className="mt-3 text-sm text-muted">Loading the log…</p>;
  if (!log.data) return <QueryFailure query={log} className="mt-3" />;
  const { chunks, hasMore } = log.data;
  return (
    <>
      <Raw label="Turn log" text={chunks.join("\n")} />
      {hasMore && (
        <p className="mt-2 text-sm text-muted">The log has more chunks than are shown.</p>
      )}
    </>
  );
}

function Raw({ label, text }: { label: string; text: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
      tabIndex={0}
      className="mt-3 max-h-96 overflow-auto rounded-lg border border-line bg-surface p-3"
    >
      <pre className="font-mono text-xs whitespace-pre-wrap wrap-anywhere">{text}</pre>
    </section>
  );
}
