import { useState } from "react";
import { replaceText } from "../../../ui/replace-text.ts";
import { toFilePart } from "../../messages/content/file-part.ts";
import { preloadMarkdown } from "../../messages/markdown/lazy-markdown.tsx";
import type { FilePart } from "../../messages/message.ts";
import type { DraftUploads } from "../../uploads/draft/use-draft-uploads.ts";
import { useFirstQuestion } from "../composer/use-first-question.ts";
import { useOutbox } from "../composer/use-outbox.ts";
import type { OpenChat } from "../session/use-open-chat.ts";
import type { ChatDraft } from "./use-chat-draft.ts";
import type { ChatModel } from "./use-chat-model.ts";

interface SendingOptions {
  readonly chat: OpenChat;
  readonly draft: ChatDraft;
  readonly model: ChatModel;
  /** Called with the reason when a message could not be sent; with null when one was. */
  readonly onProblem: (problem: string | null) => void;
}

export interface Sending {
  /** Sends a text immediately. */
  readonly send: (text: string) => void;
  /** Sends a message again that an earlier page has sent without a response. */
  readonly sendAgain: (messageId: string) => void;
  /** Sends the draft as soon as its files are uploaded. */
  readonly sendDraft: () => void;
  /** Whether the draft is waiting for its files. */
  readonly isWaiting: boolean;
  readonly cancel: () => void;
  /** The number of messages sent from this view. */
  readonly sentCount: number;
  /** The draft's files. Removing one also cancels a waiting send. */
  readonly uploads: DraftUploads;
}

/** Sends messages to a chat: the draft, a suggested question, or a question from the address. */
export function useSending({ chat, draft, model, onProblem }: SendingOptions): Sending {
  const { isNew, session, isUnderWay } = chat;
  const { text, setText, uploads, textboxRef } = draft;
  const [sentCount, setSentCount] = useState(0);
  const noteSent = () => {
    model.noteSent();
    preloadMarkdown();
    onProblem(null);
    setSentCount((count) => count + 1);
  };
  const send = (message: string, files: readonly FilePart[] = []) => {
    const wanted = { kind: "send", text: message, modelId: model.chosenId, files } as const;
    if (session.start(wanted) === null) return false;
    noteSent();
    return true;
  };
  useFirstQuestion(isNew, send);
  const outbox = useOutbox({
    uploads,
    isBlocked: model.problem !== null || isUnderWay,
    onProblem,
    onSend() {
      const files = uploads.files.flatMap(({ upload }) => (upload ? [toFilePart(upload)] : []));
      if (!send(text.trim(), files)) return;
      uploads.take();
      // Before the page is drawn anew: after it, the box would have the page laid out twice.
      if (textboxRef.current) replaceText(textboxRef.current, "");
      setText("");
    },
  });
  return {
    send,
    sendAgain(messageId) {
      if (session.sendAgain(messageId)) noteSent();
    },
    sendDraft: outbox.send,
    isWaiting: outbox.isWaiting,
    cancel: outbox.cancel,
    sentCount,
    uploads: {
      ...uploads,
      remove(key) {
        // Without this file the reader may not want to send the message.
        outbox.cancel();
        uploads.remove(key);
      },
    },
  };
}
