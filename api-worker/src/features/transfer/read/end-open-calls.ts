import type { ExportedChat, ExportedMessage } from "../../../contracts/transfer.ts";

type Part = ExportedMessage["parts"][number];

/** The states of a tool call that nothing follows. */
const endStates: ReadonlySet<unknown> = new Set([
  "output-available",
  "output-error",
  "output-denied",
]);

/**
 * Ends the tool calls of an imported chat that are still open, so that none waits for an approval
 * here or continues: its model has not asked for it here, and the file may say anything. The call
 * and its input stay, with the reason why it did not run.
 */
export function endOpenCalls(chat: ExportedChat): ExportedChat {
  const messages = chat.messages.map((message) => ({
    ...message,
    parts: message.parts.map(endOpenCall),
  }));
  return { ...chat, messages };
}

function endOpenCall(part: Part): Part {
  if (!("toolCallId" in part) || endStates.has(part.state)) return part;
  const { approval, ...call } = part;
  if (call.state === "approval-responded" && isDenied(approval)) {
    return { ...call, state: "output-denied", approval };
  }
  const errorText =
    call.state === "approval-requested"
      ? "This tool call was waiting for approval when the chat was exported, so it didn’t run."
      : "This tool call hadn’t finished when the chat was exported.";
  return { ...call, state: "output-error", errorText };
}

function isDenied(approval: unknown): boolean {
  return (
    typeof approval === "object" &&
    approval !== null &&
    "approved" in approval &&
    approval.approved === false
  );
}
