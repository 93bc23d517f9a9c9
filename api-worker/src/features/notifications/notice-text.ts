/** What a notification says about an answer. */
import type { MessageStatus } from "db";
import MarkdownIt, { type Token } from "markdown-it";
import cjkFriendly from "markdown-it-cjk-friendly";
import { cutText } from "../../contracts/cut-text.ts";

/** Systems show about this much of a notification. In UTF-16 units. */
const textMax = 160;
const titleMax = 100;
/** The first words are looked for in this much of an answer. */
const lookedAtMax = 4_000;

const parser = new MarkdownIt({ html: false }).use(cjkFriendly);
/** Tags that answers may have; see the Markdown of the web app. */
const shownTags = /<\/?(?:sub|sup|kbd|mark|br|details|summary)\s*\/?>|<!--.*?-->/gs;

/** For an answer without words, or without an end of its own. */
const sentences: Readonly<Record<MessageStatus, string>> = {
  streaming: "The answer is being written.",
  complete: "The answer is ready.",
  stopped: "The answer was stopped.",
  interrupted: "The answer was interrupted.",
  failed: "The answer couldn’t be completed.",
};

export interface Notice {
  readonly title: string;
  readonly text: string;
}

/**
 * Makes the title and text of a notification, both short.
 *
 * @param answer.parts of the message as they are stored, as JSON; only its texts count
 */
export function noticeOf(answer: {
  readonly title: string;
  readonly status: MessageStatus;
  readonly parts: string;
}): Notice {
  const { title, status, parts } = answer;
  const words = status === "complete" ? firstWords(parts) : "";
  return { title: cut(title, titleMax), text: words === "" ? sentences[status] : words };
}

function firstWords(parts: string): string {
  const stored: unknown = JSON.parse(parts);
  const texts = Array.isArray(stored) ? stored.flatMap(textOf) : [];
  return cut(plainText(texts.join("\n\n").slice(0, lookedAtMax)), textMax);
}

function textOf(part: unknown): string[] {
  if (typeof part !== "object" || part === null) return [];
  const { type, text } = part as Record<string, unknown>;
  return type === "text" && typeof text === "string" ? [text] : [];
}

/** The words of a Markdown text in one line. */
export function plainText(markdown: string): string {
  const words = parser.parse(markdown.replace(shownTags, " "), {}).map(wordsOf).join(" ");
  return words.replace(/\s+/g, " ").trim();
}

function wordsOf(token: Token): string {
  if (token.type === "softbreak" || token.type === "hardbreak") return " ";
  if (token.children) return token.children.map(wordsOf).join("");
  return token.content;
}

/** Shortens a text, after a word if one ends near. */
function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const start = cutText(text, maxLength - 1);
  const end = start.lastIndexOf(" ");
  return `${end > maxLength / 2 ? start.slice(0, end) : start}…`;
}
