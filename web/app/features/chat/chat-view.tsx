/** One chat: its messages and the composer. `chatId` is null for a chat that does not exist yet. */
export function ChatView({ chatId }: { chatId: string | null }) {
  return <h1>{chatId ? "Chat" : "New chat"}</h1>;
}
