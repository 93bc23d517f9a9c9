import type { z } from "zod";
import type {
  ChatListOutput,
  ChatOutput,
  chatListInput,
  chatRenameInput,
} from "../../contracts/chats.ts";
import type { UserContext } from "../../trpc.ts";

export async function listChats(
  _ctx: UserContext,
  _input: z.infer<typeof chatListInput>,
): Promise<ChatListOutput> {
  throw new Error("not built yet");
}
export async function getChat(_ctx: UserContext, _input: { chatId: string }): Promise<ChatOutput> {
  throw new Error("not built yet");
}
export async function renameChat(
  _ctx: UserContext,
  _input: z.infer<typeof chatRenameInput>,
): Promise<ChatOutput> {
  throw new Error("not built yet");
}
export async function deleteChat(_ctx: UserContext, _input: { chatId: string }): Promise<null> {
  throw new Error("not built yet");
}
export async function deleteAllChats(_ctx: UserContext): Promise<{ deletedCount: number }> {
  throw new Error("not built yet");
}
