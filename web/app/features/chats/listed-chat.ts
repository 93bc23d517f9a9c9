import type { ChatOutput } from "api-worker/contracts/chats";

/** What the sidebar shows of a chat. */
export type ListedChat = Pick<ChatOutput, "id" | "title" | "updatedAt" | "pinnedAt" | "visibility">;
