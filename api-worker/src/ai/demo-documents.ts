/** What the demo model writes into documents, and when it calls their tools. */
import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import { composeChart } from "./demo-charts.ts";
import { demoProgram } from "./demo-programs.ts";
import { composeSheet } from "./demo-sheets.ts";
import { suggestImprovements } from "./demo-suggestions.ts";
import type { DemoToolCall } from "./demo-tool-call.ts";
import { firstWords } from "./title-text.ts";
import { isWriterInstructions, writtenKinds } from "./tools/documents/kinds.ts";

/** Whether a prompt asks for the content of a document. */
export function isWriterPrompt(prompt: LanguageModelV4Prompt): boolean {
  return prompt.some(
    ({ role, content }) => role === "system" && isWriterInstructions(String(content)),
  );
}

/** Whether a prompt for the content of a document wants CSV. */
function isSheetPrompt(prompt: LanguageModelV4Prompt): boolean {
  return prompt.some(
    ({ role, content }) => role === "system" && String(content) === writtenKinds.sheet.instructions,
  );
}

/**
 * The call of a tool for a document that a question wants; null for any other question.
 *
 * @param prompt has the results of earlier calls, and with them the ids of documents
 */
export function findDocumentCall(wish: string, prompt: LanguageModelV4Prompt): DemoToolCall | null {
  const essay =
    /^(?:please )?write an? (long )?(?:essay|text|report|letter) (?:about|on) (.+)$/i.exec(wish);
  if (essay?.[2]) {
    const instructions = `${essay[1] ? "A long" : "An"} essay about ${essay[2]}.`;
    return call("createDocument", { kind: "text", title: titleOf(essay[2]), instructions });
  }
  const code =
    /^(?:please )?write (?:some )?(?:code|a program|a script) (?:that|which|to) (.+)$/i.exec(wish);
  if (code?.[1]) {
    const instructions = `Code that ${code[1]}.`;
    const input = { kind: "code", title: titleOf(code[1]), language: "python", instructions };
    return call("createDocument", input);
  }
  const drawing = /^(?:please )?draw (?:me )?(?:(?:an?|the) )?(.+)$/i.exec(wish);
  if (drawing?.[1]) {
    const instructions = `${wish.replace(/^please /i, "")}.`;
    return call("createDocument", { kind: "image", title: titleOf(drawing[1]), instructions });
  }
  const sheet = /^(?:please )?make a (?:sheet|table|spreadsheet) (?:of|about|with|for) (.+)$/i.exec(
    wish,
  );
  if (sheet?.[1]) {
    const instructions = `A sheet of ${sheet[1]}.`;
    return call("createDocument", { kind: "sheet", title: titleOf(sheet[1]), instructions });
  }
  const document = findDocument(wish, prompt);
  if (document === null) return null;
  const { documentId, title, isNamed } = document;
  if (isNamed && chartWish.test(wish)) return call("readDocument", { documentId });
  const port = /^(?:please )?port .+ to (\S+?),? as a new document$/i.exec(wish);
  if (port?.[1] && isNamed) {
    const [, language] = port;
    const instructions = `The code of “${title}”, ported to ${language}.`;
    const named = { title: `${title} in ${language}`, language: language.toLowerCase() };
    const input = { kind: "code", ...named, instructions };
    return call("createDocument", input);
  }
  const edit = /^(?:please )?replace “?"?(.+?)”?"? (?:with|by) “?"?(.+?)”?"?$/i.exec(wish);
  if (edit?.[1] && edit[2]) {
    return call("editDocument", { documentId, edits: [{ find: edit[1], replace: edit[2] }] });
  }
  if (/^(?:please )?(?:suggest|make|give me) (?:some )?(?:improvements|suggestions)$/i.test(wish)) {
    return call("requestSuggestions", { documentId });
  }
  const isChange =
    /^(?:please )?(?:redraw|rewrite|polish|shorten|lengthen|improve|update|fix)\b/i.test(wish) ||
    (isNamed && /^(?:please )?(?:add|clean up)\b/i.test(wish));
  if (isChange) {
    return call("updateDocument", { documentId, instructions: `${wish}.` });
  }
  const isRead =
    /^(?:please )?read (?:it|the document)$/i.test(wish) ||
    (isNamed && /^(?:please )?describe\b/i.test(wish));
  if (isRead) {
    return call("readDocument", { documentId });
  }
  return null;
}

/** The wish for a chart of a sheet, which the sheet is read for. */
const chartWish = /^(?:please )?make a chart of .+, as a new document$/i;

/** The call that draws a chart of the sheet that was read for it just now; null for anything else. */
export function findChartCall(wish: string, prompt: LanguageModelV4Prompt): DemoToolCall | null {
  const read = chartWish.test(wish) ? lastRead(prompt) : null;
  if (read === null) return null;
  const title = `Chart of ${read.title}`;
  const instructions = `A chart of “${read.title}” as one SVG.`;
  return call("createDocument", { kind: "code", title, language: "svg", instructions });
}

/** The document that was read last, if that was the last call of a tool. */
function lastRead(prompt: LanguageModelV4Prompt): { title: string; content: string } | null {
  const tools = prompt.findLast(({ role }) => role === "tool");
  const part = tools?.role === "tool" ? tools.content.at(-1) : undefined;
  if (part?.type !== "tool-result" || part.toolName !== "readDocument") return null;
  const value = part.output.type === "json" ? part.output.value : null;
  const [title, content] = [fieldOf(value, "title"), fieldOf(value, "content")];
  return title === null || content === null ? null : { title, content };
}

function call(toolName: string, input: DemoToolCall["input"]): DemoToolCall {
  return { toolName, input };
}

/** Finishes the document that was begun, in place of a call that would begin another. */
export function finishDocument(begun: DemoToolCall, prompt: LanguageModelV4Prompt): DemoToolCall {
  const [newest] = namedDocuments(prompt);
  if (begun.toolName !== "createDocument" || !newest) return begun;
  const { documentId } = newest;
  return call("updateDocument", { documentId, instructions: "Finish it." });
}

interface FoundDocument {
  readonly documentId: string;
  readonly title: string;
  /** Whether the question has its title in quotes. */
  readonly isNamed: boolean;
}

/**
 * The document that a question means: the newest of those whose title it has in quotes, or else the
 * one that tools have named last; null when no tool has named any.
 */
function findDocument(wish: string, prompt: LanguageModelV4Prompt): FoundDocument | null {
  const found = namedDocuments(prompt).map(({ documentId, title }) => {
    const isNamed = title !== "" && wish.includes(`“${title.replace(/\s+/g, " ")}”`);
    return { documentId, title, isNamed };
  });
  return found.find(({ isNamed }) => isNamed) ?? found[0] ?? null;
}

/** The documents that results and failures of tools name, newest first; the latter have no title. */
function namedDocuments(prompt: LanguageModelV4Prompt): { documentId: string; title: string }[] {
  const results = prompt.flatMap(({ role, content }) => (role === "tool" ? content : []));
  return results.toReversed().flatMap((part) => {
    if (part.type !== "tool-result") return [];
    const { output } = part;
    if (output.type === "error-text") {
      const documentId = / the document ([\w-]{36})\.$/.exec(output.value)?.[1];
      return documentId ? [{ documentId, title: "" }] : [];
    }
    if (output.type !== "json") return [];
    const documentId = fieldOf(output.value, "documentId");
    return documentId === null ? [] : [{ documentId, title: fieldOf(output.value, "title") ?? "" }];
  });
}

/** The reply after a tool for documents was called; null after any other tool. */
export function afterDocumentTool(toolName: string, value: unknown): string | null {
  const title = fieldOf(value, "title");
  if (title === null) return null;
  switch (toolName) {
    case "createDocument":
      if (fieldOf(value, "kind") === "image") {
        return `I’ve drawn **${title}**. You can look at it beside this chat. Try \`redraw it with a red sun\`.`;
      }
      return `I’ve written **${title}**. You can read and edit it beside this chat. Try \`shorten it\`, \`suggest improvements\`, or \`replace the with a\`.`;
    case "updateDocument":
      if (fieldOf(value, "kind") === "image") {
        return `I’ve redrawn **${title}**. The picture before is kept.`;
      }
      return `I’ve rewritten **${title}**. The version before is kept.`;
    case "editDocument":
      return `I’ve changed **${title}**.`;
    case "requestSuggestions":
      return `I’ve suggested changes of **${title}**. Open it to accept or reject each of them.`;
    case "readDocument":
      return `I’ve read **${title}**. It starts with:\n\n> ${firstWords(fieldOf(value, "content") ?? "", 200)}`;
  }
  return null;
}

function fieldOf(value: unknown, name: string): string | null {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return null;
  const field = (value as Record<string, unknown>)[name];
  return typeof field === "string" ? field : null;
}

/**
 * Writes the content of a document.
 *
 * @param task the task of the document's writer
 * @param prompt the whole prompt, whose last message has the task
 */
export function composeDocument(task: string, prompt: LanguageModelV4Prompt): string {
  const [, title] = /document “(.+?)”/.exec(task) ?? [];
  const [, content] = /<document>\n([\s\S]*)\n<\/document>/.exec(task) ?? [];
  const subject = firstWords(title ?? "this", 80);
  if (content !== undefined && /<\/document>\s*Suggest improvements/.test(task)) {
    return suggestImprovements(content);
  }
  if (isSheetPrompt(prompt)) return composeSheet(subject, content, task);
  if (content !== undefined) {
    return rewrite(content, task.slice(task.lastIndexOf("</document>")), subject);
  }
  const [, language] = /^Write the document “.+?” in (\S+) now\./.exec(task) ?? [];
  const read = language === "svg" ? lastRead(prompt) : null;
  if (read) return composeChart(read.title, read.content);
  if (language) return demoProgram(capital(subject), language);
  return / now\. A long essay/.test(task) ? longEssay(subject) : essay(subject);
}

/** Shortens a text to its first half when that is asked for, and otherwise adds to it. */
function rewrite(content: string, wish: string, subject: string): string {
  if (/finish/i.test(wish)) {
    return content.startsWith('"""') ? demoProgram(capital(subject), "python") : essay(subject);
  }
  const paragraphs = content.split("\n\n");
  if (/shorten|shorter/i.test(wish)) {
    return paragraphs.slice(0, Math.max(1, Math.ceil(paragraphs.length / 2))).join("\n\n");
  }
  const code = /^(?:(#|def |import )|(\/\/|function |package |public |use ))/m.exec(content);
  if (code && !content.includes("## ")) {
    return `${code[1] ? "#" : "//"} Rewritten by the demo model.\n${content}`;
  }
  return `${content.trimEnd()}\n\n## Afterword\n\nThis part was added by the demo model when it rewrote the text.\n`;
}

/** As long as a chapter: there is time to watch it, to stop it, and to reload the page. */
function longEssay(subject: string): string {
  const parts = Array.from({ length: 40 }, (_, index) => part(subject, index + 1));
  return [essay(subject), ...parts].join("\n");
}

const part = (subject: string, number: number) => `## Part ${number}

This part adds nothing about ${subject} that the others do not say. It is here so that the text has a length, and so that you can stop it, reload the page, or do something else while it grows. Whatever you do, the words that you see are kept.
`;

const essay = (
  subject: string,
) => `Everything that can be said about ${subject} begins with a question: why does it matter? The demo model does not know, but it can show how a text grows, paragraph by paragraph, while you watch.

## What it is

${capital(subject)} is what this essay is about. A real model would now collect facts, weigh them, and leave out what does not help. The demo model only knows the words of your question.

## Why it matters

- It is worth a document of its own, which you can edit beside the chat.
- Every change makes a version, and every version can be brought back.
- Nothing that you type here is lost, even when the page closes.

## What comes next

Change a sentence of this text by hand, and ask for a rewrite afterwards. The model gets your words, not its own. Then compare the versions: what was added is marked, and so is what went away.
`;

function titleOf(words: string): string {
  return capital(firstWords(words, 80));
}

function capital(words: string): string {
  const [first = "", ...rest] = Array.from(words);
  return first.toUpperCase() + rest.join("");
}
