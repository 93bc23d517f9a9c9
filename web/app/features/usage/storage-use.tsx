import type { UsageOutput } from "api-worker/contracts/usage";
import { Link } from "react-router";
import { StorageCard } from "./storage-card.tsx";
import { numberText } from "./usage-text.ts";

interface StorageUseProps {
  readonly storage: UsageOutput["storage"];
  /** Whether chats from before the viewer logged in wait for room. */
  readonly hasWaitingChats: boolean;
}

const linkLook = "font-medium text-accent underline underline-offset-2";

/** What the viewer stores, and where it can be deleted. */
export function StorageUse({ storage, hasWaitingChats }: StorageUseProps) {
  const { messages, maxMessages } = storage;
  return (
    <StorageCard storage={storage}>
      <div className="mt-4 border-t border-line pt-4">
        <p className="text-sm">
          <span className="font-medium tabular-nums">{numberText(messages)}</span>
          <span className="text-muted">
            {maxMessages === null
              ? ` ${messages === 1 ? "message" : "messages"} kept`
              : ` of ${numberText(maxMessages)} messages kept`}
          </span>
        </p>
        {maxMessages !== null && (
          <progress
            aria-label="messages kept"
            value={Math.min(messages, maxMessages)}
            max={maxMessages}
            className="meter mt-2 block w-full"
          />
        )}
      </div>
      {hasWaitingChats && (
        <p className="mt-3 text-sm text-danger">
          Some chats from before you logged in don’t fit. They appear once there is room for them.
        </p>
      )}
      <p className="mt-3 text-sm text-muted">
        To make room, delete chats, or{" "}
        <Link to="/settings/files?sort=largest" className={linkLook}>
          your largest files
        </Link>
        . You can{" "}
        <Link to="/settings/data" className={linkLook}>
          export your chats
        </Link>{" "}
        first.
      </p>
    </StorageCard>
  );
}
