import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import {
  afterDocumentTool,
  composeDocument,
  findChartCall,
  findDocumentCall,
  finishDocument,
  isWriterPrompt,
} from "./demo-documents.ts";
import { markdownSample } from "./demo-markdown-sample.ts";
import type { DemoToolCall } from "./demo-tool-call.ts";
import { isFileText, type ReadFile, readFileText } from "./file-text.ts";
import { continueInstructions, isTitlePrompt } from "./prompts.ts";
import { firstWords } from "./title-text.ts";

/** An answer of the demo model, in pieces of one token each. */
export interface DemoAnswer {
  readonly reasoning: readonly string[];
  readonly text: readonly string[];
  /** Whether a provider error follows the text. */
  readonly fails: boolean;
  /** A tool call that follows the text. */
  readonly call?: DemoToolCall;
}

const highestCount = 5000;

/** Composes the reply to a prompt: a title, an answer, or the rest of an answer that was cut off. */
export function composeDemoAnswer(prompt: LanguageModelV4Prompt): DemoAnswer {
  const question = lastQuestion(prompt);
  if (isTitlePrompt(prompt)) return speak(titleOf(question));
  if (isWriterPrompt(prompt)) return speak(composeDocument(question, prompt));
  const chart = prompt.at(-1)?.role === "tool" ? findChartCall(wishOf(question), prompt) : null;
  if (chart) return { ...speak(""), call: chart };
  const result = toolResult(prompt);
  if (result !== null) return speak(result);
  if (question !== continueInstructions) return answerMessage(prompt);
  const [kept, before] = [prompt.at(-2), prompt.slice(0, -2)];
  const rest = withoutBeginning(answerMessage(before), kept ? promptText([kept]) : "");
  return { ...rest, ...(rest.call && { call: finishDocument(rest.call, prompt) }) };
}

/** Lists the files of the question, and answers it. */
function answerMessage(prompt: LanguageModelV4Prompt): DemoAnswer {
  const question = lastQuestion(prompt);
  const files = lastFiles(prompt);
  if (files.length === 0) return answerQuestion(question, prompt);
  const seen = speak(`You sent:\n\n${files.map(describeFile).join("\n")}\n\n`);
  if (question === "") return seen;
  const answer = answerQuestion(question, prompt);
  return { ...answer, text: [...seen.text, ...answer.text] };
}

/** The files of the last message from the user. */
function lastFiles(prompt: LanguageModelV4Prompt): ReadFile[] {
  const last = prompt.findLast(({ role }) => role === "user");
  if (last?.role !== "user") return [];
  return last.content.flatMap((part) =>
    part.type === "text" ? (readFileText(part.text) ?? []) : [],
  );
}

function describeFile({ name, mediaType, bytes, firstLine }: ReadFile): string {
  const start = firstLine === "" ? "" : `. It starts with: “${firstWords(firstLine, 120)}”`;
  return `- **${name}**: ${mediaType}, ${bytes} bytes${start}`;
}

/** The rest of an answer of which `kept` exists already. The reasoning is not repeated. */
function withoutBeginning(answer: DemoAnswer, kept: string): DemoAnswer {
  const keptText = kept.slice(kept.indexOf(answer.text[0]?.trim() ?? ""));
  let missing = answer.text.join("");
  missing = missing.startsWith(keptText) ? missing.slice(keptText.length) : missing;
  return { ...answer, reasoning: [], text: toPieces(missing) };
}

function answerQuestion(question: string, prompt: LanguageModelV4Prompt): DemoAnswer {
  const wish = wishOf(question);
  const count = /^(?:please )?count (?:up )?to (\d[\d,_ ]*)$/i.exec(wish);
  if (count?.[1]) return countTo(Number(count[1].replace(/\D/g, "")));
  const topic = /^(?:please )?think (?:hard )?about (.+)$/i.exec(wish);
  if (topic?.[1]) return thinkAbout(topic[1]);
  if (/^(?:a |the )?markdown sample$/i.test(wish)) return speak(markdownSample);
  const documentCall = findDocumentCall(wish, prompt);
  if (documentCall) return { ...speak(""), call: documentCall };
  const call = findToolCall(wish);
  if (call) return { ...speak("Let me check."), call };
  if (/^(?:please )?fail$/i.test(wish)) return { ...speak(beforeFailure), fails: true };
  return speak(introduction(question));
}

/** A question in one line, without the mark at its end. */
function wishOf(question: string): string {
  return question
    .replace(/\s+/g, " ")
    .replace(/[\s.!?…]+$/, "")
    .trim();
}

/** The tool call that a question needs; null for none. */
function findToolCall(wish: string): DemoToolCall | null {
  const place = /^(?:how is |what is )?(?:the )?weather in (.+)$/i.exec(wish)?.[1];
  if (place) return { toolName: "getWeather", input: { place } };
  const expression = /^(?:calculate|compute) (.+)$/i.exec(wish)?.[1];
  if (expression) return { toolName: "calculate", input: { expression } };
  const time = /^what time is it(?: in (\S+))?$/i.exec(wish);
  if (!time) return null;
  const input: DemoToolCall["input"] = time[1] ? { timeZone: time[1] } : {};
  return { toolName: "getCurrentTime", input };
}

/** The reply to the results of tools that were just called; null when none was called. */
function toolResult(prompt: LanguageModelV4Prompt): string | null {
  const last = prompt.at(-1);
  if (last?.role !== "tool") return null;
  return last.content
    .flatMap((part) => {
      if (part.type !== "tool-result") return [];
      const { type } = part.output;
      if (type === "execution-denied") return ["OK, I won't use the tool."];
      if (type === "error-text") return [`That didn't work: ${part.output.value}`];
      const value = type === "json" || type === "text" ? part.output.value : null;
      const ofDocument = afterDocumentTool(part.toolName, value);
      if (ofDocument !== null) return [ofDocument];
      return [
        `The tool **${part.toolName}** returned:\n\n\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``,
      ];
    })
    .join("\n\n");
}

/** The text of the last message from the user; "" when there is none. */
function lastQuestion(prompt: LanguageModelV4Prompt): string {
  const last = prompt.findLast(({ role }) => role === "user");
  return last ? promptText([last]).trim() : "";
}

/** All text of a prompt, one line per part, without the descriptions of files. */
export function promptText(prompt: LanguageModelV4Prompt): string {
  return prompt
    .flatMap(({ content }) =>
      typeof content === "string"
        ? [content]
        : content.map((part) => (part.type === "text" && !isFileText(part.text) ? part.text : "")),
    )
    .join("\n");
}

function speak(text: string): DemoAnswer {
  return { reasoning: [], text: toPieces(text), fails: false };
}

/** Splits a text into words with the white space after them. Joined, they are the text again. */
function toPieces(text: string): string[] {
  return text.match(/\s*\S+\s*/g) ?? [];
}

function countTo(last: number): DemoAnswer {
  if (last < 1 || last > highestCount) {
    return speak(`I can count to any number from 1 to ${highestCount}. Try \`count to 100\`.`);
  }
  const text = Array.from({ length: last }, (_, index) =>
    index + 1 < last ? `${index + 1} ` : `${index + 1}`,
  );
  return { reasoning: [], text, fails: false };
}

function thinkAbout(topic: string): DemoAnswer {
  const subject = firstWords(topic, 80);
  const reasoning = `The question is about ${subject}. First I would collect the facts. Then I would look for arguments on both sides and weigh them. But I'm the demo model and know nothing about ${subject}, so it is better to say so.`;
  const text = `I've thought about **${subject}**, as far as a demo model can. Above this answer you can see its *reasoning*: models that reason stream it before the answer, and you can collapse it.`;
  return { ...speak(text), reasoning: toPieces(reasoning) };
}

function titleOf(question: string): string {
  const words = question
    .replace(/[\s.!?…]+$/, "")
    .split(/\s+/)
    .slice(0, 6)
    .join(" ");
  const title = firstWords(words, 60);
  const [first = "", ...rest] = Array.from(title);
  return first.toUpperCase() + rest.join("");
}

function quote(question: string): string {
  return firstWords(question, 600)
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}

const beforeFailure =
  "This answer starts like any other, and then the provider fails in the middle of the";

const introduction = (question: string) => `Hi! I'm the **demo model**. You asked:

${quote(question)}

I can't really answer that. I'm a stand-in that lets you try **Alleato Chat** without an API key. Alleato Chat runs entirely on your own Cloudflare account. Answers keep going when you close the tab, and you'll find them complete on any device.

**To connect Gemini**, set \`GOOGLE_GENERATIVE_AI_API_KEY\`:

- locally: add it to \`.dev.vars\`;
- in production: run \`wrangler secret put GOOGLE_GENERATIVE_AI_API_KEY\`.

**In the meantime, try**

- \`count to 500\`, and reload the page halfway;
- \`think about the sea\`, to see reasoning;
- \`write an essay about the sea\`, \`write code that prints squares\` or \`draw a house by the sea\`, to see documents, and \`suggest improvements\` of one;
- \`weather in Paris\`, \`what time is it in Asia/Tokyo\` or \`calculate 2^10\`, to see tools;
- \`markdown sample\`, to see tables, code and math;
- \`fail\`, to see what happens when a provider fails.`;
