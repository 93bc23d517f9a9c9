import { expect, test } from "vitest";
import type { ChatMessage } from "../message.ts";
import { findChatDocument } from "./chat-documents.ts";

const documentId = "0199d1f0-0000-7000-8000-000000000001";

function answer(id: string, callId: string, fields: object, text?: string): ChatMessage {
  const data = {
    ...{ documentId, kind: "text", title: "Tides", language: null, action: "create" },
    ...{ state: "complete", baseVersion: null, version: 1, ...fields },
  };
  const document = { type: "data-document", id: callId, data };
  const words = { type: "data-document-text", id: callId, data: { delta: text } };
  const parts = text === undefined ? [document] : [document, words];
  return { id, role: "assistant", parts: parts as ChatMessage["parts"] };
}

test("the newest part of a document counts", () => {
  const messages = [
    answer("a", "call-1", { version: 1 }, "first"),
    answer("b", "call-2", { action: "update", state: "writing", version: null }, "second"),
    answer("c", "call-3", { documentId: "other", title: "Other" }, "third"),
  ];
  expect(findChatDocument(messages, documentId)).toEqual({
    ...{ kind: "text", title: "Tides", version: null, text: "second", isWriting: true },
  });
  expect(findChatDocument(messages.slice(0, 1), documentId)?.text).toBe("first");
  expect(findChatDocument([], documentId)).toBeNull();
});

test("after an answer that ended early, a version later than the one before is there", () => {
  const cut = { action: "update", state: "writing", baseVersion: 4, version: null };
  const stopped = {
    ...answer("a", "call-1", cut, "text"),
    metadata: { status: "stopped" as const },
  };
  expect(findChatDocument([stopped], documentId)).toMatchObject({ version: 5, isWriting: false });
  const begun = { ...answer("a", "call-1", { ...cut, baseVersion: null }, "text") };
  const created = { ...begun, metadata: { status: "interrupted" as const } };
  expect(findChatDocument([created], documentId)).toMatchObject({ version: 1, isWriting: false });
});

test("a stored message has no text", () => {
  expect(findChatDocument([answer("a", "call-1", {})], documentId)?.text).toBeNull();
});

test("a picture that is being drawn has an empty text, and none when it is drawn", () => {
  const drawing = answer("a", "call-1", { kind: "image", state: "writing", version: null });
  expect(findChatDocument([drawing], documentId)).toMatchObject({ text: "", isWriting: true });
  const drawn = answer("a", "call-1", { kind: "image" });
  expect(findChatDocument([drawn], documentId)).toMatchObject({ text: null, isWriting: false });
});
