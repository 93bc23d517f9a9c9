/**
 * Measures how long pages take when the API worker is far from its databases: from the request to the
 * last byte of the page, beside the same pages with the databases next door.
 *
 *   node bench/far/main.ts [loads per page] [milliseconds to the database and back]
 */
import { chatFile } from "../lib/chat-file.ts";
import { Person } from "../lib/person.ts";
import { type Product, startProduct } from "../streams/product.ts";
import { median } from "../streams/statistics.ts";

const loads = Number(process.argv[2] ?? 60);
const tripMs = Number(process.argv[3] ?? 30);

interface Side {
  readonly product: Product;
  readonly person: Person;
  readonly pages: Readonly<Record<string, string>>;
}

async function startSide(databaseTripMs: number | undefined): Promise<Side> {
  const product = await startProduct({}, databaseTripMs === undefined ? {} : { databaseTripMs });
  const { url } = product.stack;
  const person = await Person.signUp(url);
  const textOf = (index: number) => `Message ${index + 1} of a **chat**, with some \`code\`.`;
  const chatId = await person.importChat(chatFile({ messageCount: 20, textOf }));
  await person.change("chats.setVisibility", { chatId, visibility: "public" });
  const pages = {
    "new chat": "/",
    "chat of 20 messages": `/chat/${chatId}`,
    documents: "/documents",
    "shared chat": `/share/${chatId}`,
  };
  return { product, person, pages };
}

/** @returns milliseconds until the whole page is there */
async function load({ person, pages }: Side, page: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`${person.url}${pages[page]}`, { headers: person.headers });
  await response.text();
  if (response.status !== 200) throw new Error(`${page}: status ${response.status}`);
  return performance.now() - startedAt;
}

const sides = [await startSide(undefined), await startSide(tripMs)] as const;
try {
  console.log(`Milliseconds, medians of ${loads} loads; the database is ${tripMs} ms away`);
  console.log(
    `${"".padEnd(22)}${["near", "far", "trips"].map((text) => text.padStart(10)).join("")}`,
  );
  for (const page of Object.keys(sides[0].pages)) {
    const times: [number[], number[]] = [[], []];
    // The first loads fill caches.
    for (let round = -5; round < loads; round += 1) {
      for (const [index, side] of sides.entries()) {
        const time = await load(side, page);
        if (round >= 0) times[index as 0 | 1].push(time);
      }
    }
    const [near, far] = [median(times[0]), median(times[1])];
    const row = [near, far, (far - near) / tripMs].map((value) => value.toFixed(1).padStart(10));
    console.log(`${page.padEnd(22)}${row.join("")}`);
  }
} finally {
  for (const { product } of sides) await product.stop();
}
