import type { z } from "zod";
import type {
  ChatListOutput,
  ChatOutput,
  chatListInput,
  chatRenameInput,
} from "../../contracts/chats.ts";
import type { UserContext } from "../../trpc.ts";
export declare function listChats(
  _ctx: UserContext,
  _input: z.infer<typeof chatListInput>,
): Promise<ChatListOutput>;
export declare function getChat(
  _ctx: UserContext,
  _input: {
    chatId: string;
  },
): Promise<ChatOutput>;
export declare function renameChat(
  _ctx: UserContext,
  _input: z.infer<typeof chatRenameInput>,
): Promise<ChatOutput>;
export declare function deleteChat(
  _ctx: UserContext,
  _input: {
    chatId: string;
  },
): Promise<null>;
export declare function deleteAllChats(_ctx: UserContext): Promise<{
  deletedCount: number;
}>;
