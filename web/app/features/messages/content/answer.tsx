import "../markdown/markdown.css";
import type { MessageStatus } from "api-worker/contracts";
import type { Vote } from "api-worker/contracts/votes";
import type { ReactNode } from "react";
import { DocumentCard } from "../documents/document-card.tsx";
import { isBlank } from "../is-blank.ts";
import { TypingIndicator } from "../list/typing-indicator.tsx";
import { LazyMarkdown } from "../markdown/lazy-markdown.tsx";
import { type ChatMessage, restartsOf } from "../message.ts";
import { AnswerToolbar } from "../toolbar/message-toolbar.tsx";
import { ApprovalQuestion } from "../tools/approval-question.tsx";
import { LazyTool } from "../tools/lazy-tool.tsx";
import { type ToolCall, toolCallOf } from "../tools/tool-call.ts";
import { useApprovals } from "../tools/use-approvals.ts";
import { FileNotes } from "./file-notes.tsx";
import { LazyLegacyPart } from "./lazy-legacy-part.tsx";
import { MessageFiles } from "./message-files.tsx";
import { Reasoning } from "./reasoning.tsx";
import { RestartNote } from "./restart-note.tsx";
import { StatusNote } from "./status-note.tsx";

interface AnswerProps {
  readonly message: ChatMessage;
  readonly status: MessageStatus;
  readonly versions: readonly string[] | undefined;
  readonly vote: Vote;
  readonly isLast: boolean;
  /** How much of the text is rendered; all when undefined. */
  readonly renderedLength: number | undefined;
  /** Actions for an answer that ended early. */
  readonly actions: ReactNode;
}

/** An answer: text, reasoning, tool calls and notes. */
export function Answer({
  message,
  status,
  versions,
  vote,
  isLast,
  actions,
  ...props
}: AnswerProps) {
  const isStreaming = status === "streaming";
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {isBlank(message) && isStreaming && <TypingIndicator />}
      {/* The key resets what is expanded when another version is shown. */}
      <Parts
        key={message.id}
        message={message}
        isStreaming={isStreaming}
        isLast={isLast}
        renderedLength={props.renderedLength}
      />
      <MessageFiles message={message} />
      {status !== "interrupted" && restartsOf(message) > 0 && <RestartNote />}
      <StatusNote status={status} errorCode={message.metadata?.errorCode} actions={actions} />
      {!isStreaming && (
        <AnswerToolbar message={message} versions={versions} vote={vote} isLast={isLast} />
      )}
    </div>
  );
}

type PartsProps = Pick<AnswerProps, "message" | "isLast" | "renderedLength"> & {
  readonly isStreaming: boolean;
};

function Parts({ message, isStreaming, isLast, renderedLength }: PartsProps) {
  const starts = textStarts(message);
  const { decisions, decide } = useApprovals(message);
  const canDecide = isLast && !isStreaming && decide;
  return message.parts.map((part, index) => {
    if (part.type === "text" && part.text !== "") {
      return (
        <div key={index} data-copied="" className="md min-w-0">
          <LazyMarkdown
            text={part.text}
            isStreaming={isStreaming && part.state !== "done"}
            renderedLength={
              renderedLength === undefined
                ? undefined
                : Math.max(0, renderedLength - (starts[index] ?? 0))
            }
          />
        </div>
      );
    }
    if (part.type === "reasoning" && part.text !== "") {
      const isThinking = isStreaming && part.state === "streaming";
      return <Reasoning key={index} part={part} isThinking={isThinking} />;
    }
    if (part.type === "data-file-notes") return <FileNotes key={index} notes={part.data.notes} />;
    if (part.type === "data-document") {
      return <DocumentCard key={index} part={part} isStreaming={isStreaming} />;
    }
    if (part.type === "data-legacy") return <LazyLegacyPart key={index} part={part} />;
    const call = toolCallOf(part, isStreaming);
    if (!call || isShownByCard(call, message)) return null;
    const { approvalId } = call;
    if (approvalId === null || !canDecide) return <LazyTool key={index} call={call} />;
    return (
      <ApprovalQuestion
        key={index}
        call={call}
        approvalId={approvalId}
        decision={decisions.get(approvalId)}
        onDecide={decide}
      />
    );
  });
}

/** Whether a document's card shows what a tool call does. It does not say why nothing was written. */
function isShownByCard({ id, state }: ToolCall, { parts }: ChatMessage): boolean {
  const card = parts.find((part) => part.type === "data-document" && part.id === id);
  if (card?.type !== "data-document") return false;
  return state !== "failed" || card.data.state !== "deleted";
}

/** How much text a message has before each of its parts. */
function textStarts({ parts }: ChatMessage): number[] {
  let sum = 0;
  return parts.map((part) => {
    const start = sum;
    if (part.type === "text") sum += part.text.length;
    return start;
  });
}
