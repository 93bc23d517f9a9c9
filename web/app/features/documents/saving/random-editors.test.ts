/**
 * Two editors of one document, with conflicts, a connection that comes and goes, lost responses and
 * reloads: each word that was typed and rested on is in some version at the end.
 *
 * `VITE_RANDOM_SEED` sets the first seed, `VITE_RANDOM_RUNS` the number of runs.
 */
import { expect, test } from "vitest";
import { Dice } from "../../../../e2e/support/dice.ts";
import { DocumentSaver, type KeptEdit } from "./document-saver.ts";
import { mergeTexts } from "./merge-texts.ts";
import { DocumentServer, manualTimers } from "./testing/document-server.ts";

const firstSeed = Number(import.meta.env.VITE_RANDOM_SEED ?? Date.now() % 1_000_000_000);
const runs = Number(import.meta.env.VITE_RANDOM_RUNS ?? 200);
const stepsOfRun = 40;

let ids = 0;
const newId = () => {
  ids += 1;
  return `id-${ids}`;
};

class Editor {
  saver: DocumentSaver;
  readonly timers = manualTimers();
  readonly #server: DocumentServer;
  #kept: KeptEdit | null = null;

  constructor(server: DocumentServer) {
    this.#server = server;
    this.saver = this.#open(null);
  }

  #open(kept: KeptEdit | null): DocumentSaver {
    const deps = {
      save: this.#server.save,
      keep: (edit: KeptEdit | null) => {
        this.#kept = edit;
      },
      newId,
      timers: this.timers,
    };
    return new DocumentSaver(deps, this.#server.newest, kept);
  }

  /** Appends a word on a line of its own, somewhere. */
  type(word: string, dice: Dice): void {
    const lines = this.saver.content.split("\n");
    lines.splice(dice.between(0, lines.length), 0, word);
    const content = lines.join("\n");
    this.saver.edit(() => content);
  }

  /** A reload: the page hides, which keeps what is not saved, and opens anew. */
  async reload(): Promise<void> {
    this.saver.close();
    this.saver = this.#open(this.#kept);
    await this.timers.advance(0);
  }

  /** The choices of the notice of a conflict. */
  async resolve(choice: "merge" | "mine" | "theirs"): Promise<void> {
    if (this.saver.state.value.status !== "conflict") return;
    const theirs = this.#server.newest;
    const merged = mergeTexts(this.saver.base.content, this.saver.content, theirs.content);
    if (!(await this.saver.saveOver(theirs))) return;
    if (choice === "theirs") {
      this.#server.write(theirs.content);
      this.saver.resolve(this.#server.newest);
    }
    if (choice === "merge" && merged) {
      this.saver.edit(() => merged.text);
      await this.saver.flush();
    }
  }
}

async function play(seed: number): Promise<string> {
  const dice = new Dice(seed);
  const server = new DocumentServer("start");
  const editors = [new Editor(server), new Editor(server)] as const;
  const typed: string[] = [];
  for (let step = 0; step < stepsOfRun; step += 1) {
    const editor = dice.pick(editors);
    const action = dice.between(1, 10);
    if (action <= 4) {
      const word = `w${typed.length}`;
      editor.type(word, dice);
      typed.push(word);
    } else if (action === 5) await editor.timers.advance(dice.between(0, 4_000));
    else if (action === 6) await editor.reload();
    else if (action === 7) dice.isOneIn(2) ? server.goOffline() : server.goOnline();
    else if (action === 8) server.loseResponses(dice.between(0, 2));
    else if (action === 9) await editor.saver.flush();
    else await editor.resolve(dice.pick(["merge", "mine", "theirs"]));
    if (editor.saver.adopt(server.newest)) continue;
  }
  server.goOnline();
  server.loseResponses(0);
  for (let round = 0; round < 4; round += 1) {
    for (const editor of editors) {
      editor.saver.retry();
      await editor.saver.flush();
      await editor.resolve("mine");
      await editor.timers.advance(60_000);
    }
  }
  const all = new Set(server.contents.flatMap((content) => content.split("\n")));
  const lost = typed.filter((word) => !all.has(word));
  const statuses = editors.map(({ saver }) => saver.state.value.status).join(", ");
  return lost.length === 0 && !/offline|unsaved|saving/.test(statuses)
    ? ""
    : `VITE_RANDOM_SEED=${seed} VITE_RANDOM_RUNS=1: lost ${lost.join(" ")} (${statuses})`;
}

test(`two editors lose no word in ${runs} runs from seed ${firstSeed}`, {
  timeout: 60_000,
}, async () => {
  const failures: string[] = [];
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const failure = await play(seed);
    if (failure) failures.push(failure);
  }
  expect(failures.join("\n")).toBe("");
});
