/**
 * Measures what a guest who does the worst that is allowed costs another user: how long the other
 * user's `chats.list` takes meanwhile, how much memory the isolates use, and whether any of the
 * other user's messages is lost. The production build runs under the local runtime, whose one
 * thread serves pages, worker, database and objects: on the platform less waits for less.
 *
 *   node bench/load/main.ts [seconds for each attack]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { startStack } from "../../scripts/lib/stack.ts";
import { chatFile, word } from "../lib/chat-file.ts";
import { Inspector } from "../lib/inspector.ts";
import { Person } from "../lib/person.ts";
import {
  type Attack,
  flooding,
  forking,
  importing,
  type Outcomes,
  rendering,
  searching,
  subscribing,
  together,
} from "./attacks.ts";
import { hostileKinds, hostileText } from "./files.ts";
import { LastingChat } from "./lasting-chat.ts";
import { MemoryWatch, measureLists, runFor } from "./measure.ts";

const seconds = Number(process.argv[2] ?? 10);
/** The same attack again, for the memory that is needed without garbage. */
const collectedSeconds = seconds / 2;
const medianMaxMs = 250;
const worstMaxMs = 1_000;
const isolateMaxMb = 128;

async function shareHostileChat(guest: Person): Promise<string> {
  const textOf = (index: number) => hostileText(index, 32_000);
  const chatId = await guest.importChat(chatFile({ messageCount: hostileKinds, textOf }));
  await guest.change("chats.setVisibility", { chatId, visibility: "public" });
  return chatId;
}

/** Each attack has a guest of its own, so that none is stopped by what another has used. */
async function prepareAttacks(url: string): Promise<Attack[]> {
  const [many, few, copier, sharer, watcher] = await Promise.all(
    Array.from({ length: 5 }, () => Person.guest(url)),
  );
  if (!many || !few || !copier || !sharer || !watcher) throw new Error("A guest is missing.");
  const copied = chatFile({ messageCount: 900, textOf: () => word.repeat(1_000) });
  const copiedId = await copier.importChat(copied);
  const shared = await shareHostileChat(sharer);
  return [
    importing(many, 1_900, 13_000_000),
    importing(few, 300, 13_000_000),
    forking(copier, copiedId),
    searching(copier),
    rendering(url, shared),
    subscribing(watcher),
    flooding(url),
  ];
}

const textOfOutcomes = (outcomes: Outcomes) =>
  [...outcomes]
    .sort()
    .map(([status, count]) => `${count} × ${status === 0 ? "closed" : status}`)
    .join(", ");

const textOfPeaks = (peaks: readonly { name: string; peak: number }[]) =>
  peaks.map(({ name, peak }) => `${name} ${(peak / 1e6).toFixed(0)}`).join(", ");

const stateDir = mkdtempSync(join(tmpdir(), "bench-load-"));
const inspectorPort = await findFreePort();
const stack = await startStack({ port: await findFreePort(), stateDir, inspectorPort });
try {
  const { url } = stack;
  const other = await Person.signUp(url);
  const attacks = await prepareAttacks(url);
  const chat = await LastingChat.begin(other);
  const memory = new MemoryWatch(await Inspector.openAll(inspectorPort), () =>
    other.ask("chats.list", {}),
  );

  const rest: Attack = { name: "at rest", run: async () => new Map() };
  console.log("| attack | lists | median ms | worst ms | MB | with garbage | responses |");
  console.log("|---|---:|---:|---:|---|---|---|");
  const exceeded: string[] = [];
  for (const attack of [rest, ...attacks, together(attacks)]) {
    memory.begin({ collects: false });
    const { times, median, worst, outcomes } = await measureLists(other, attack, seconds);
    const withGarbage = await memory.end();
    memory.begin({ collects: true });
    await runFor(attack, collectedSeconds);
    const peaks = await memory.end();
    const megabytes = [peaks, withGarbage].map(textOfPeaks);
    const cells = [times.length, median, worst, ...megabytes, textOfOutcomes(outcomes)];
    console.log(`| ${[attack.name, ...cells].join(" | ")} |`);
    const isTooLarge = peaks.some(({ peak }) => peak > isolateMaxMb * 1e6);
    if (median > medianMaxMs || worst > worstMaxMs || isTooLarge) exceeded.push(attack.name);
  }
  memory.close();
  const { sent, kept } = await chat.end();
  console.log(`Messages of the other user: ${sent} sent and answered, ${kept} kept.`);
  console.log(exceeded.length > 0 ? `Exceeded by: ${exceeded.join("; ")}` : "Within all bounds.");
  process.exitCode = exceeded.length > 0 || kept !== sent ? 1 : 0;
} catch (error) {
  console.error(stack.lastLines());
  throw error;
} finally {
  await stack.stop();
  rmSync(stateDir, { recursive: true, force: true });
}
