import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { chatObject } from "../../../platform/chat-object.ts";
import { newId } from "../../../platform/ids.ts";
import { TurnStore } from "./turn-store.ts";

/** The columns that the table had before parking existed, and those that it first had. */
const beforeParking = `requestMessageId TEXT NOT NULL, isStored INTEGER NOT NULL DEFAULT 0,
  archivedIn TEXT, doneAt INTEGER`;
const first = "userMessageId TEXT NOT NULL";

test.for([
  ["the first table", first, "userMessageId"],
  ["a table that could not park", beforeParking, "requestMessageId"],
])("%s is brought up to date, with the turns in it", async ([, columns, messageColumn]) => {
  const stub = chatObject(env, { userId: newId(), chatId: newId() });
  await runInDurableObject(stub, (_, { storage: { sql } }) => {
    sql.exec("DROP TABLE turns");
    sql.exec(`CREATE TABLE turns (
      streamId TEXT PRIMARY KEY, userId TEXT NOT NULL, chatId TEXT NOT NULL,
      contentShard INTEGER NOT NULL, assistantMessageId TEXT NOT NULL,
      state TEXT NOT NULL, status TEXT, errorCode TEXT, inputTokens INTEGER, outputTokens INTEGER,
      startedAt INTEGER NOT NULL, finishedAt INTEGER, deliverAt INTEGER,
      deliveryAttempts INTEGER NOT NULL DEFAULT 0, ${columns}) STRICT`);
    sql.exec(
      `INSERT INTO turns (streamId, userId, chatId, contentShard, assistantMessageId, state, status,
         startedAt, finishedAt, deliverAt, ${messageColumn})
       VALUES ('turn', 'user', 'chat', 0, 'answer', 'ended', 'complete', 1, 2, 3, 'question')`,
    );
    // Twice, because each new instance of the object runs the upgrade.
    for (const store of [new TurnStore(sql), new TurnStore(sql)]) {
      expect(store.listUndelivered()).toMatchObject([
        {
          ...{ requestMessageId: "question", deliverAt: 3, isStored: 0, refusals: 0 },
          ...{ parkedAt: null, wish: null, guestAddress: null, isBudgeted: 0 },
          ...{ inputNanos: null, outputNanos: null, expectedInputTokens: null },
          ...{ uncountedInputTokens: null, uncountedOutputTokens: null },
        },
      ]);
      expect(store.listParked()).toEqual([]);
    }
    const store = new TurnStore(sql);
    expect(store.countRefusal("turn")).toBe(1);
    store.park("turn", 4, "why");
    expect(store.listUndelivered()).toEqual([]);
    expect(store.listParked()).toMatchObject([{ parkedAt: 4, parkedReason: "why" }]);
    store.deferDelivery("turn", 5);
    expect(store.listUndelivered()).toEqual([]);
    expect(store.unpark("turn", 6, 2)).toBe(true);
    expect(store.unpark("turn", 6, 2)).toBe(false);
    expect(store.listUndelivered()).toMatchObject([{ deliverAt: 6, refusals: 2 }]);
  });
});

test("a guest's address is kept as long as its turn is open", async () => {
  const stub = chatObject(env, { userId: newId(), chatId: newId() });
  await runInDurableObject(stub, (_, { storage: { sql } }) => {
    const store = new TurnStore(sql);
    store.insert({
      ...{ turnId: "turn", userId: "user", chatId: "chat", contentShard: 0, startedAt: 1 },
      ...{ requestMessageId: "question", assistantMessageId: "answer" },
      ...{ wish: "send question ", guestAddress: "192.0.2.1", isBudgeted: 0 },
    });
    store.setLive("turn", { price: { inputNanos: 2, outputNanos: 3 }, inputTokens: 4 });
    expect(store.get("turn")).toMatchObject({ wish: "send question ", guestAddress: "192.0.2.1" });
    expect(store.get("turn")).toMatchObject({
      ...{ inputNanos: 2, outputNanos: 3, expectedInputTokens: 4 },
    });
    store.setEnded("turn", { status: "complete" }, 2, undefined);
    expect(store.get("turn")).toMatchObject({ guestAddress: null });
  });
});
