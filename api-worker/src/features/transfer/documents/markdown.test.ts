/** A chat as Markdown has the documents that its messages show. */
import MarkdownIt from "markdown-it";
import { expect, test } from "vitest";
import { anonymous, type Caller, callerFor } from "../../../../test/callers.ts";
import {
  importAnswer,
  oneDocument,
  onePart,
  oneVersion,
  piecesOf,
  withDocument,
} from "../../../../test/carried-documents.ts";
import { errorOf } from "../../../../test/client.ts";
import { fileOf, oneChat, oneMessage } from "../../../../test/import-files.ts";
import { pictureContent } from "../../../contracts/pictures.ts";
import { newId } from "../../../platform/ids.ts";

const markdownOf = async (owner: Caller, chatId: string | undefined) =>
  (await piecesOf(owner, chatId, "markdown")).join("");

/** The Markdown of a chat with one answer, which shows one document. */
async function fileWith(
  content: string,
  {
    part = {},
    version = {},
    ...fields
  }: { part?: object; version?: object; kind?: string } & {
    language?: string;
    title?: string;
  },
): Promise<string> {
  const owner = await callerFor("owner");
  const document = oneDocument({
    ...fields,
    versions: [oneVersion({ content, ...version })],
  });
  const parts = [
    { type: "text", text: "Here it is." },
    onePart(document.id, { ...fields, ...part }),
  ];
  const { imported, failures } = await importAnswer(owner, parts, [document]);
  expect(failures).toEqual([]);
  return markdownOf(owner, imported[0]?.chatId);
}

const before = "# From a file\n\n## Answer\n\nHere it is.\n\n";

/** The blocks of a file: fences with their language, and headings with their level. */
const blocksOf = (markdown: string) =>
  new MarkdownIt({ html: true }).parse(markdown, {}).flatMap((token, index, tokens) => {
    if (token.type === "fence") return [[token.info, token.content]];
    if (token.type !== "heading_open") return [];
    return [[token.tag, tokens[index + 1]?.content]];
  });

test("an answer has its document at the version that it shows, and no other", async () => {
  const owner = await callerFor("owner");
  const { chatId, documentId } = await withDocument(owner);
  const { content } = await owner.api.documents.get.query({ documentId, version: 1 });
  const file = await markdownOf(owner, chatId);
  const [, first, second] = file.split("### Text: Numbers\n");
  expect(first).toContain(content.trim());
  expect(second?.trim()).toBe("the model’s edit");
  expect(file).not.toMatch(/^a private draft|the newest|no text/m);
  expect(await markdownOf(owner, undefined)).toBe(file);
});

test.each([
  ["anotherUser", "NOT_FOUND"],
  ["guest", "NOT_FOUND"],
  ["admin", "NOT_FOUND"],
  [null, "UNAUTHENTICATED"],
] as const)("%s gets no file of another's documents", async (kind, errorCode) => {
  const owner = await callerFor("owner");
  const { chatId } = await withDocument(owner);
  const { api } = kind ? await callerFor(kind) : anonymous();
  const error = await errorOf(api.chats.export.query({ chatId, format: "markdown" }));
  expect(error).toMatchObject({ errorCode });
});

test("a text is a section of its own, whatever it leaves open", async () => {
  const file = await fileWith("# Answer\n\n## Question\n\n<details>\n\n```js\nopen", {
    title: "*A* [title]",
  });
  expect(blocksOf(file)).toEqual([
    ["h1", "From a file"],
    ["h2", "Answer"],
    ["h3", "Text: \\*A\\* \\[title\\]"],
    ["h4", "Answer"],
    ["h5", "Question"],
    ["js", "open\n"],
  ]);
  expect(file.endsWith("```\n\n</details>\n")).toBe(true);
});

test("a long text is a block of Markdown", async () => {
  const content = "# A\n\n```js\nopen\n".repeat(20_000);
  const blocks = blocksOf(await fileWith(content, {}));
  expect(blocks.at(-1)).toEqual(["markdown", content]);
  expect(blocks).toHaveLength(4);
});

test.each([
  ["code", "let a = 1;", "typescript", "```typescript\nlet a = 1;\n```\n"],
  ["code with an end of line", "a\n", "python", "```python\na\n```\n"],
  ["code with fences", "a\n````\nb\n## Answer", "md", "`````md\na\n````\nb\n## Answer\n`````\n"],
  ["code in an unknown language", "a", "x`y z", "```\na\n```\n"],
  ["empty code", "", "python", "```python\n```\n"],
] as const)("%s is in a fence", async (_, content, language, block) => {
  const file = await fileWith(content, { kind: "code", language });
  expect(file).toBe(`${before}### Code: A title\n\n${block}`);
});

test("a sheet is a block of CSV", async () => {
  const content = 'a,b\r\n"x ``` y",=1+1';
  const file = await fileWith(content, { kind: "sheet" });
  expect(file).toBe(`${before}### Sheet: A title\n\n\`\`\`\`csv\n${content}\n\`\`\`\`\n`);
});

test("a picture is its size and its prompts", async () => {
  const content = pictureContent({
    ...{ url: `/files/${newId()}`, mediaType: "image/png", width: 640, height: 480 },
    prompts: ["a *cat*\n## Answer", "with a hat"],
  });
  const file = await fileWith(content, { kind: "image" });
  expect(file).toBe(
    `${before}### Picture: A title\n\n*(640 × 480 pixels)*\n\n1. “a \\*cat\\* ## Answer”\n2. “with a hat”\n`,
  );
});

test.each([
  ["stopped", { version: { status: "stopped" } }, "forged\n\n*(stopped)*"],
  ["deleted", { part: { version: 2 } }, "*(deleted)*"],
  ["never saved", { part: { state: "writing", version: null } }, "*(deleted)*"],
  [
    "suggested for",
    { part: { action: "suggest", baseVersion: 1, suggestionCount: 3 } },
    "*(3 suggestions)*",
  ],
])("a document that was %s says so", async (_, fields, rest) => {
  expect(await fileWith("forged", fields)).toBe(`${before}### Text: A title\n\n${rest}\n`);
});

test("many large documents come in bounded pieces, each once and in order", async () => {
  const owner = await callerFor("owner");
  const contents = Array.from({ length: 12 }, (_, index) => `${index}:${"x".repeat(600_000)}`);
  const documents = contents.map((content, index) =>
    oneDocument({ kind: "code", versions: [oneVersion({ content, messageId: `m${index % 2}` })] }),
  );
  const messages = [0, 1].map((number) =>
    oneMessage({
      ...{ id: `m${number}`, role: "assistant", parentId: number === 0 ? null : "m0" },
      parts: [
        { type: "text", text: `answer ${number}` },
        ...documents
          .filter((__, index) => index % 2 === number)
          .map(({ id }, index) => ({ ...onePart(id, { kind: "code" }), id: `call${index}` })),
      ],
    }),
  );
  const chat = oneChat(messages, { documents, currentMessageId: "m1" });
  const { imported } = await owner.api.chats.import.mutate({ data: fileOf(chat) });
  const pieces = await piecesOf(owner, imported[0]?.chatId, "markdown");
  expect(pieces.length).toBeGreaterThan(3);
  for (const piece of pieces) expect(piece.length).toBeLessThan(2_500_000);
  const shown = pieces.join("").match(/^(?:answer \d|\d+:)/gm);
  const numbers = (start: number) => [0, 2, 4, 6, 8, 10].map((number) => `${number + start}:`);
  expect(shown).toEqual(["answer 0", ...numbers(0), "answer 1", ...numbers(1)]);
});
