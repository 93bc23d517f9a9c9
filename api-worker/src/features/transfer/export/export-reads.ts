import type { ContentDb } from "db";
import { RequestBudget } from "../../../platform/request-budget.ts";
import {
  type BranchRow,
  findChatHead,
  listNextChats,
  listTrees,
  type NextChat,
  type TreeRow,
} from "../queries.ts";

/** Chats whose heads are read at once. */
const chatsAtOnce = 100;
/** A longer chat is read by itself, in steps. */
const smallChatMessages = 40;

/** The statements of a piece. Identifying the viewer takes a few of the 50 of an invocation. */
const statementsPerPiece = 40;
/** A step of the export takes this many statements at most. */
const statementsPerStep = 3;

interface Chats {
  readonly content: ContentDb;
  readonly userId: string;
  /** undefined for all chats. */
  readonly chatId: string | undefined;
}

/**
 * What a piece of an export file reads. Most chats are small, and a user may have thousands, so their
 * heads and messages are read many at once.
 */
export class ExportReads {
  readonly #chats: Chats;
  readonly #budget = new RequestBudget(statementsPerPiece);
  /** The chats that follow, in order. */
  #next: NextChat[] = [];
  /** The chat that is written. */
  #current: NextChat | undefined;
  /** The messages of chats that were read whole. */
  #trees: ReadonlyMap<string, readonly TreeRow[]> = new Map();

  constructor(chats: Chats) {
    this.#chats = chats;
  }

  /** Whether the piece may have another step. */
  get canGoOn(): boolean {
    return this.#budget.left >= statementsPerStep;
  }

  /** Counts a statement that the caller makes. */
  count(): void {
    this.#budget.take(1);
  }

  /** The chat after one, by id; undefined after the last. @param afterId null for the first */
  async nextChat(afterId: string | null): Promise<NextChat | undefined> {
    const { chatId } = this.#chats;
    this.#current = chatId === undefined ? await this.#nextOfAll(afterId ?? "") : undefined;
    if (chatId === undefined || afterId !== null) return this.#current;
    this.count();
    const head = await findChatHead(this.#chats.content, { ...this.#chats, chatId });
    this.#current = head && { head, messageCount: Number.POSITIVE_INFINITY, hasDocuments: true };
    return this.#current;
  }

  async #nextOfAll(afterId: string): Promise<NextChat | undefined> {
    const { content, userId } = this.#chats;
    if (this.#next.length === 0) {
      this.count();
      this.#next = await listNextChats(content, { userId, afterId, limit: chatsAtOnce });
    }
    const chat = this.#next[0];
    if (chat && !this.#trees.has(chat.head.id)) await this.#readTrees(chat);
    this.#next.shift();
    return chat;
  }

  /** Reads the messages of a small chat, and of the small ones that follow. */
  async #readTrees({ head, messageCount }: NextChat): Promise<void> {
    const last = this.#next.at(-1);
    if (!last || messageCount > smallChatMessages) return;
    this.count();
    const { content, userId } = this.#chats;
    const rows = await listTrees(content, userId, [head.id, last.head.id]);
    const trees = Map.groupBy(rows, ({ chatId }) => chatId);
    // The last of them may be cut off.
    const isWhole = (chat: NextChat) =>
      (trees.get(chat.head.id)?.length ?? 0) === chat.messageCount;
    this.#trees = new Map(
      this.#next.filter(isWhole).map(({ head: { id } }) => [id, trees.get(id) ?? []]),
    );
  }

  /** All messages of a chat, like `listTree`; undefined when it has to be read by itself. */
  treeOf(chatId: string): readonly TreeRow[] | undefined {
    return this.#trees.get(chatId);
  }

  /** The messages of a branch, like `listBranchDown`; undefined when it has to be read by itself. */
  branchOf(chatId: string, leafId: string): BranchRow[] | undefined {
    const tree = this.#trees.get(chatId);
    if (!tree) return undefined;
    const byId = new Map(tree.map((row) => [row.id, row]));
    const branch: BranchRow[] = [];
    for (let row = byId.get(leafId); row; row = byId.get(row.parentId ?? "")) {
      const { role, parts, status } = row;
      branch.push({ role, parts, status, depth: branch.length });
    }
    return branch.reverse();
  }

  /** Whether a chat may have documents. */
  mayHaveDocuments(chatId: string): boolean {
    return this.#current?.head.id !== chatId || this.#current.hasDocuments;
  }
}
