import { expect, test } from "vitest";
import { callerAs } from "../../../test/callers.ts";
import { errorOf } from "../../../test/client.ts";
import { createChat, createMessage, createUser } from "../../../test/factories.ts";
import { newId } from "../../platform/ids.ts";

test("a notice is about the answer at the end of the shown branch", async () => {
  const user = await createUser();
  const { api } = await callerAs(user);
  const chat = await createChat(user, { title: "The sky" });
  const question = await createMessage(user, chat, { text: "Why is it blue?" });
  const { notice } = api.notifications;
  expect(await errorOf(notice.query({ chatId: chat.id }))).toMatchObject({
    errorCode: "NOT_FOUND",
  });
  const streamId = newId();
  const answer = { role: "assistant", parentId: question.id } as const;
  await createMessage(user, chat, { ...answer, text: "An older version." });
  await createMessage(user, chat, { ...answer, streamId, text: "**Rayleigh** scattering." });
  expect(await notice.query({ chatId: chat.id })).toEqual({
    title: "The sky",
    text: "Rayleigh scattering.",
    status: "complete",
    streamId,
  });
});
