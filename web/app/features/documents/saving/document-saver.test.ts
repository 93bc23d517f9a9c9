import { expect, test } from "vitest";
import { DocumentSaver, type KeptEdit } from "./document-saver.ts";
import { apiError, DocumentServer, manualTimers } from "./testing/document-server.ts";

let ids = 0;
const newId = () => {
  ids += 1;
  return `id-${ids}`;
};

/** An editor of the server's document, as a page opens one. */
function open(server: DocumentServer, kept: KeptEdit | null = null) {
  const timers = manualTimers();
  const place: { edit: KeptEdit | null } = { edit: kept };
  const saver = new DocumentSaver(
    {
      save: (input) => server.save(input),
      keep: (edit) => {
        place.edit = edit;
      },
      newId,
      timers,
    },
    server.newest,
    kept,
  );
  const type = (content: string) => saver.edit(() => content);
  return { saver, timers, place, type };
}

test("an edit is kept after a moment and saved after two seconds of rest", async () => {
  const server = new DocumentServer("one");
  const { saver, timers, place, type } = open(server);
  type("two");
  expect(saver.state.value.status).toBe("unsaved");
  await timers.advance(300);
  expect(place.edit).toMatchObject({ content: "two", base: { version: 1, content: "one" } });
  await timers.advance(1_000);
  type("three");
  await timers.advance(1_999);
  expect(server.contents).toEqual(["one"]);
  await timers.advance(1);
  expect(server.contents).toEqual(["one", "three"]);
  expect(saver.state.value).toEqual({ status: "saved", problem: null, version: 2 });
  expect(place.edit).toBeNull();
});

test("what is typed while a save runs is saved next", async () => {
  const server = new DocumentServer("one");
  const { saver, timers, place, type } = open(server);
  const release = server.hold();
  type("two");
  const saved = saver.flush();
  type("three");
  release();
  await saved;
  expect(saver.state.value.status).toBe("unsaved");
  expect(place.edit).toMatchObject({ content: "three", base: { version: 2, content: "two" } });
  await timers.advance(2_000);
  expect(server.newest).toMatchObject({ version: 3, content: "three" });
});

test("a save whose response was lost is sent again under its own id", async () => {
  const server = new DocumentServer("one");
  const { saver, timers, type } = open(server);
  server.loseResponses(2);
  type("two");
  await saver.flush();
  expect(saver.state.value.status).toBe("offline");
  await timers.advance(2_000);
  await timers.advance(5_000);
  expect(saver.state.value).toMatchObject({ status: "saved", version: 2 });
  expect(server.contents).toEqual(["one", "two"]);
});

test("the network's return saves at once", async () => {
  const server = new DocumentServer("one");
  const { saver, timers, type } = open(server);
  server.goOffline();
  type("two");
  await saver.flush();
  expect(saver.state.value.status).toBe("offline");
  server.goOnline();
  saver.retry();
  await timers.advance(0);
  expect(server.newest.content).toBe("two");
});

test("a page that is opened again takes up the edit, and its save makes no second version", async () => {
  const server = new DocumentServer("one");
  const first = open(server);
  server.loseResponses(1);
  first.type("two");
  await first.saver.flush();
  expect(server.contents).toEqual(["one", "two"]);
  const second = open(server, first.place.edit);
  expect(second.saver.content).toBe("two");
  expect(second.saver.state.value.status).toBe("unsaved");
  await second.saver.flush();
  expect(second.saver.state.value).toMatchObject({ status: "saved", version: 2 });
  expect(server.contents).toEqual(["one", "two"]);
});

test("what was typed after a lost save is not taken for that save", async () => {
  const server = new DocumentServer("one");
  const first = open(server);
  server.loseResponses(1);
  first.type("two");
  await first.saver.flush();
  first.type("two and three");
  first.saver.close();
  const second = open(server, first.place.edit);
  await second.saver.flush();
  await second.timers.advance(2_000);
  expect(server.newest.content).toBe("two and three");
});

test("everything is saved on demand, also what was typed while a save ran", async () => {
  const server = new DocumentServer("one");
  const { saver, type } = open(server);
  const release = server.hold();
  type("two");
  const saved = saver.flush();
  type("three");
  const all = saver.saveAll();
  release();
  expect([await saved, await all]).toEqual([undefined, true]);
  expect(server.newest.content).toBe("three");
  server.goOffline();
  type("four");
  expect(await saver.saveAll()).toBe(false);
});

test("an edit renders nothing again while the state stays the same", async () => {
  const server = new DocumentServer("one");
  const { saver, type } = open(server);
  let changes = 0;
  saver.state.subscribe(() => {
    changes += 1;
  });
  for (const content of ["t", "tw", "two"]) type(content);
  expect(changes).toBe(1);
});

test("after a conflict nothing is saved, and edits are kept", async () => {
  const server = new DocumentServer("one");
  const { saver, timers, place, type } = open(server);
  server.write("theirs");
  type("mine");
  await saver.flush();
  expect(saver.state.value.status).toBe("conflict");
  type("mine too");
  await timers.advance(10_000);
  expect(server.contents).toEqual(["one", "theirs"]);
  expect(place.edit).toMatchObject({ content: "mine too", base: { content: "one" } });
});

test("saving over a newer version keeps both, and later saves replace neither", async () => {
  const server = new DocumentServer("one");
  const { saver, timers, type } = open(server);
  server.write("theirs");
  type("mine");
  await saver.flush();
  expect(await saver.saveOver(server.newest)).toBe(true);
  type("mine, later");
  await timers.advance(2_000);
  expect(server.contents).toEqual(["one", "theirs", "mine", "mine, later"]);
});

test("a newer version is taken over only when nothing is unsaved", async () => {
  const server = new DocumentServer("one");
  const { saver, type } = open(server);
  server.write("two");
  expect(saver.adopt(server.newest)).toBe(true);
  expect(saver.content).toBe("two");
  type("mine");
  server.write("three");
  expect(saver.adopt(server.newest)).toBe(false);
  expect(saver.content).toBe("mine");
});

test("a refused save says why, and the next edit tries again", async () => {
  const server = new DocumentServer("one");
  const { saver, timers, place, type } = open(server);
  server.refuseOnce(apiError("TOO_LARGE", "Your storage is full."));
  type("two");
  await saver.flush();
  expect(saver.state.value).toMatchObject({ status: "failed", problem: "Your storage is full." });
  expect(place.edit?.content).toBe("two");
  type("2");
  await timers.advance(2_000);
  expect(server.newest.content).toBe("2");
});

test("a document that was deleted elsewhere keeps its text in the editor", async () => {
  const server = new DocumentServer("one");
  const { saver, place, type } = open(server);
  server.refuseOnce(apiError("NOT_FOUND", "This document doesn’t exist or isn’t yours."));
  type("two");
  await saver.flush();
  expect(saver.state.value.status).toBe("deleted");
  expect(saver.content).toBe("two");
  expect(place.edit?.content).toBe("two");
});
