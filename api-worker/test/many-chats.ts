import { env } from "cloudflare:workers";
import type { UserRow } from "db";

/**
 * Gives an owner many chats, made by the database, with this many messages each: a question and its
 * answers. The ids ascend with the numbers in the titles, from 0.
 */
export async function createManyChats(
  { id: userId }: Pick<UserRow, "id">,
  count: number,
  messagesEach = 2,
): Promise<void> {
  const now = Date.now() - count;
  const numbers = `WITH RECURSIVE numbers (n) AS
    (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?2)`;
  await env.CONTENT_0.batch([
    env.CONTENT_0.prepare(
      `${numbers} INSERT INTO chats (userId, id, title, createdAt, updatedAt, currentMessageId)
        SELECT ?1, printf('00000000-0000-7000-8000-%012x', n), 'Chat ' || n, ?3 + n, ?3 + n,
          printf('00000000-0000-7000-9000-%012x', n * ?4 + ?4 - 1)
        FROM numbers`,
    ).bind(userId, count, now, messagesEach),
    env.CONTENT_0.prepare(
      `${numbers} INSERT INTO messages (userId, id, chatId, parentId, role, parts, status, createdAt)
        SELECT ?1, printf('00000000-0000-7000-9000-%012x', n),
          printf('00000000-0000-7000-8000-%012x', n / ?3),
          iif(n % ?3 = 0, NULL, printf('00000000-0000-7000-9000-%012x', n - 1)),
          iif(n % ?3 = 0, 'user', 'assistant'),
          json_array(json_object('type', 'text', 'text', 'Message ' || n)), 'complete', ?4 + n
        FROM numbers`,
    ).bind(userId, count * messagesEach, messagesEach, now),
  ]);
}
