import type { MessageStatus } from "api-worker/contracts";
import { CircleAlert, CircleCheck, CircleDashed, CirclePause } from "lucide-react";
import type { ReactNode } from "react";
import { trpc } from "../../../lib/trpc.ts";
import { useIsBrowser } from "../../../lib/use-is-browser.ts";
import { LoadFailure, LoadingLines } from "../../../ui/load-state.tsx";
import { Panel } from "../../../ui/panel.tsx";
import {
  type ChatMessage,
  filesOf,
  messageStatus,
  messageText,
  restartsOf,
} from "../../messages/message.ts";
import type { PanelProps } from "../panels/lazy-panel.ts";
import { durationText } from "./duration-text.ts";
import { useExchange } from "./use-exchange.ts";

const title = "Message details";

/** A panel with the facts about an answer: model, status, times and tokens. */
export default function MessageDetails({ id, chat, onMissing }: PanelProps) {
  const { exchange, failure, retry } = useExchange(id, chat, onMissing);
  if (!exchange) {
    return (
      <Panel title={title}>
        {failure ? (
          <LoadFailure error={failure.error} onRetry={retry} className="p-5" />
        ) : (
          <LoadingLines label="Loading message details" widths={[60, 80, 40]} className="p-5" />
        )}
      </Panel>
    );
  }
  const { question, answer } = exchange;
  return (
    <Panel title={title}>
      <div className="mx-auto grid w-full max-w-xl gap-6 p-5">
        {question && <Question message={question} />}
        <Facts answer={answer} askedAtMs={question?.metadata?.createdAt} />
      </div>
    </Panel>
  );
}

function Question({ message }: { message: ChatMessage }) {
  const files = filesOf(message).map(({ filename }) => filename ?? "File");
  return (
    <p className="line-clamp-3 justify-self-end rounded-3xl bg-hover px-4 py-2.5 wrap-anywhere">
      {messageText(message) || files.join(", ")}
    </p>
  );
}

function Facts({ answer, askedAtMs }: { answer: ChatMessage; askedAtMs: number | undefined }) {
  const { metadata } = answer;
  const { modelId, createdAt, finishedAt, inputTokens, outputTokens } = metadata ?? {};
  const models = trpc.models.list.useQuery(undefined, { staleTime: Number.POSITIVE_INFINITY });
  const model = models.data?.items.find((known) => known.id === modelId);
  const restarts = restartsOf(answer);
  const hasEnded = messageStatus(answer) !== "streaming";
  return (
    <>
      <Group>
        <Fact name="Model">{model?.name ?? modelId ?? "Unknown"}</Fact>
        <Fact name="Status">
          <Status status={messageStatus(answer)} />
        </Fact>
        {restarts > 0 && (
          <Fact name="Interrupted">
            {restarts === 1 ? "Once" : `${restarts} times`}, continued automatically
          </Fact>
        )}
      </Group>
      <Group>
        {askedAtMs !== undefined && (
          <Fact name="Asked">
            <Moment atMs={askedAtMs} />
          </Fact>
        )}
        {hasEnded && finishedAt != null && (
          <>
            <Fact name="Answered">
              <Moment atMs={finishedAt} />
            </Fact>
            <Fact name="Time to answer">
              {durationText(finishedAt - (createdAt ?? finishedAt))}
            </Fact>
          </>
        )}
      </Group>
      {hasEnded && (
        <Group>
          <Fact name="Input tokens">{countText(inputTokens)}</Fact>
          <Fact name="Output tokens">{countText(outputTokens)}</Fact>
        </Group>
      )}
    </>
  );
}

function Group({ children }: { children: ReactNode }) {
  return (
    <dl className="divide-y divide-line rounded-2xl border border-line empty:hidden">{children}</dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-11 items-center justify-between gap-4 px-4 py-2">
      <dt className="shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 text-end wrap-anywhere tabular-nums">{children}</dd>
    </div>
  );
}

const statuses = {
  streaming: { text: "Answering", Picture: CircleDashed, color: "text-muted" },
  complete: { text: "Complete", Picture: CircleCheck, color: "text-accent" },
  stopped: { text: "Stopped", Picture: CirclePause, color: "text-muted" },
  interrupted: { text: "Interrupted", Picture: CirclePause, color: "text-muted" },
  failed: { text: "Failed", Picture: CircleAlert, color: "text-danger" },
};

function Status({ status }: { status: MessageStatus }) {
  const { text, Picture, color } = statuses[status];
  return (
    <span className="flex items-center gap-1.5">
      <Picture size={16} aria-hidden className={color} />
      {text}
    </span>
  );
}

/** A date and time. Empty in the server's HTML, because the server does not know the time zone for certain. */
function Moment({ atMs }: { atMs: number }) {
  if (!useIsBrowser()) return null;
  const date = new Date(atMs);
  return (
    <time dateTime={date.toISOString()}>
      {date.toLocaleString("en", { dateStyle: "medium", timeStyle: "medium" })}
    </time>
  );
}

function countText(count: number | null | undefined): string {
  return count == null ? "Not reported" : count.toLocaleString("en");
}
