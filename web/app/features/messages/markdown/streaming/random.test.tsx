import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { type Block, emptyText, type ParsedText, parseMore, parseWhole } from "../blocks.ts";
import { BlockNode } from "../nodes.tsx";
import type { Node } from "../syntax/tree.ts";
import {
  randomDocument,
  randomFrom,
  randomPieces,
  randomSoup,
} from "../testing/random-markdown.ts";

const documentCount = 500;

/** Counts the elements of blocks by their kinds. Paragraphs and plain text are no constructs. */
function constructs(blocks: readonly Block[]): Map<string, number> {
  const counts = new Map<string, number>();
  const visit = ({ token, children }: Node) => {
    const kind = `${token.type} ${token.tag} ${token.meta?.isDone ?? ""}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    children.forEach(visit);
  };
  for (const { node } of blocks) visit(node);
  for (const kind of [...counts.keys()]) {
    if (/^(paragraph_open|inline|text|text_special|softbreak|plain) /.test(kind))
      counts.delete(kind);
  }
  return counts;
}

/** Which constructs are shown more often than the finished text has them. */
function surplus(shown: readonly Block[], finished: Map<string, number>): string[] {
  return [...constructs(shown)]
    .filter(([kind, count]) => count > (finished.get(kind) ?? 0))
    .map(([kind]) => kind);
}

/** Which top-level blocks are another kind in the finished text, except for plain words. */
function wrongBlocks(shown: readonly Block[], finished: readonly Block[]): string[] {
  return shown.flatMap(({ node: { token } }, index) => {
    const isPlain = token.type === "paragraph_open" || token.type === "plain";
    const isLast = index === shown.length - 1;
    return (isPlain && isLast) || token.type === finished[index]?.node.token.type
      ? []
      : [`${token.type} as block ${index}`];
  });
}

function render({ blocks }: Pick<ParsedText, "blocks">): string {
  return blocks.map(({ node }) => renderToStaticMarkup(<BlockNode node={node} isTop />)).join("\n");
}

/** The text on the screen, and the addresses and titles of links. */
function screenText(html: string): string {
  const attributes = [...html.matchAll(/ (?:href|title)="([^"]*)"/g)].map(([, value]) => value);
  const text = html.replace(/<[^>]*>/g, "");
  return [text, ...attributes].join("\n");
}

describe("random documents in random pieces", () => {
  it("show only what the finished text has, and end as the text parsed whole", () => {
    for (let seed = 1; seed <= documentCount; seed += 1) {
      const random = randomFrom(seed);
      const text = randomDocument(random);
      const whole = parseWhole(text);
      const finished = constructs(whole.blocks);
      let shown = "";
      let parsed = emptyText;
      for (const piece of randomPieces(random, text)) {
        shown += piece;
        parsed = parseMore(parsed, shown);
        const early = [
          ...surplus(parsed.blocks, finished),
          ...wrongBlocks(parsed.blocks, whole.blocks),
        ];
        if (early.length > 0) expect({ seed, shown, early }).toEqual({ seed, shown, early: [] });
      }
      expect(render(parseMore(parsed, `${text}\n\n`)), `seed ${seed}`).toBe(render(whole));
    }
  }, 60_000);

  it("are the same in steps as parsed at once", () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const random = randomFrom(seed);
      const text = randomDocument(random);
      let shown = "";
      let parsed = emptyText;
      for (const piece of randomPieces(random, text)) {
        shown += piece;
        parsed = parseMore(parsed, shown);
        if (random() > 20 / text.length) continue;
        expect(render(parsed), `seed ${seed}`).toBe(render(parseMore(emptyText, shown)));
      }
    }
  });
});

/** The letters of a text that are no markup: names of tags, of entities and of TeX environments. */
function lettersOf(text: string): string[] {
  return (
    text
      .replace(/<\/?(?:sub|kbd|details|summary)>|&(?:amp|lt);|^(\s*[>-] )*- \[x\]/gm, " ")
      .match(/[\p{L}\p{N}]+/gu)
      ?.filter((run) => !/^\d+$/.test(run)) ?? []
  );
}

describe("the text on the screen", () => {
  it("has every letter of a random document", () => {
    for (let seed = 1; seed <= documentCount; seed += 1) {
      const text = randomDocument(randomFrom(seed));
      const screen = screenText(render(parseWhole(text)));
      const lost = lettersOf(text).filter((run) => !screen.includes(run));
      expect({ seed, lost }).toEqual({ seed, lost: [] });
    }
  });

  it("has every word of a text without sense, and nothing of it breaks the page", () => {
    for (let seed = 1; seed <= 1000; seed += 1) {
      const { text, words } = randomSoup(randomFrom(seed));
      const screen = screenText(render(parseWhole(text)));
      const lost = words.filter((word) => !screen.includes(word));
      expect({ lost, text: lost.length > 0 ? text : "" }, `seed ${seed}`).toEqual({
        lost: [],
        text: "",
      });
    }
  });

  it("has the words of a text without sense while it grows", () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = randomFrom(seed);
      const { text, words } = randomSoup(random);
      let shown = "";
      let parsed = emptyText;
      for (const piece of randomPieces(random, text)) {
        shown += piece;
        parsed = parseMore(parsed, shown);
      }
      const screen = screenText(render(parseMore(parsed, `${text}\n\nend`)));
      const lost = words.filter((word) => !screen.includes(word));
      expect({ lost, text: lost.length > 0 ? text : "" }, `seed ${seed}`).toEqual({
        lost: [],
        text: "",
      });
    }
  });
});
