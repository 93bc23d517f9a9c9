import type { ChatOutput } from "api-worker/contracts/chats";

/** The fields of a chat that the sidebar shows. */
export type ListedChat = Pick<ChatOutput, "id" | "title" | "updatedAt" | "pinnedAt" | "visibility">;
