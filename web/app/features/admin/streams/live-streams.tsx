import type { LiveStreamOutput } from "api-worker/contracts/admin-streams";
import { useState } from "react";
import { trpc } from "../../../lib/trpc.ts";
import { Button } from "../../../ui/button.tsx";
import { LoadingLines, QueryFailure } from "../../../ui/load-state.tsx";
import { ActionDialog } from "../frame/action-dialog.tsx";
import { addressOf, UserLink } from "../frame/user-link.tsx";
import { durationText } from "./duration-text.ts";

/** How often the list is read again while the page is visible, in ms. */
const renewMs = 5_000;

/** The answers in progress, which are read again every few seconds. */
export function LiveStreams() {
  const live = trpc.admin.streams.live.useQuery(undefined, {
    refetchInterval: renewMs,
    staleTime: 0,
  });
  const [toStop, setToStop] = useState<LiveStreamOutput | null>(null);
  return (
    <section aria-labelledby="live-streams">
      <h2 id="live-streams" className="mb-3 text-lg font-semibold tracking-tight">
        Live now
      </h2>
      {live.isPending && <LoadingLines label="Loading live answers" widths={[60, 45]} />}
      {live.isError && !live.data && <QueryFailure query={live} />}
      {live.data?.streams.length === 0 && <p className="text-muted">No answer is being written.</p>}
      {live.data && live.data.streams.length > 0 && (
        <ul className="divide-y divide-line border-y border-line">
          {live.data.streams.map((stream) => (
            <Live
              key={stream.streamId}
              stream={stream}
              now={live.data.now}
              onStop={() => setToStop(stream)}
            />
          ))}
        </ul>
      )}
      {live.data?.hasMore && (
        <p className="mt-3 text-sm text-muted">
          More answers are in progress. The oldest are listed.
        </p>
      )}
      {toStop && <StopDialog stream={toStop} onClose={() => setToStop(null)} />}
    </section>
  );
}

interface LiveProps {
  readonly stream: LiveStreamOutput;
  readonly now: number;
  readonly onStop: () => void;
}

function Live({ stream, now, onStop }: LiveProps) {
  const { owner, modelId, startedAt, state, chatId } = stream;
  return (
    <li className="flex items-start gap-4 py-3 text-sm">
      <div className="min-w-0 flex-1">
        <p>
          <UserLink user={owner} />
        </p>
        <p className="mt-1 flex flex-wrap gap-x-4 text-xs text-muted">
          <span>{`for ${durationText(now - startedAt)}`}</span>
          {modelId !== null && <span>{modelId}</span>}
          <span>{stateText(state)}</span>
          <span>
            Chat <code className="font-mono select-all">{chatId}</code>
          </span>
        </p>
      </div>
      {state.kind === "live" && (
        <Button isSmall onClick={onStop} aria-label={`Stop the answer of ${addressOf(owner)}`}>
          Stop
        </Button>
      )}
    </li>
  );
}

const countText = (count: number, noun: string) =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

function stateText(state: LiveStreamOutput["state"]): string {
  switch (state.kind) {
    case "live":
      return `${countText(state.chunks, "chunk")}, ${countText(state.readers, "reader")}`;
    case "ending":
      return "ended, being saved";
    case "parked":
      return `parked, the database refuses its end: ${state.reason}`;
    case "unknown":
      return "doesn’t respond";
  }
}

function StopDialog({ stream, onClose }: { stream: LiveStreamOutput; onClose: () => void }) {
  const utils = trpc.useUtils();
  const stop = trpc.admin.streams.stop.useMutation({
    async onSuccess() {
      await utils.admin.streams.live.invalidate();
      onClose();
    },
  });
  const { owner, chatId, streamId } = stream;
  return (
    <ActionDialog
      title="Stop this answer?"
      action="Stop"
      isDangerous
      mutation={stop}
      onSubmit={(reason) => stop.mutate({ userId: owner.id, chatId, streamId, reason })}
      onClose={onClose}
      text="The model stops writing. What it has written so far is kept, and its owner can continue it."
    />
  );
}
