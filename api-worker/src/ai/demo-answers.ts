import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import { markdownSample } from "./demo-markdown-sample.ts";
import { isFileText, type ReadFile, readFileText } from "./file-text.ts";
import { continueInstructions, isTitlePrompt } from "./prompts.ts";
import { firstWords } from "./title-text.ts";

/** What the demo model says, in pieces of one token each. */
export interface DemoAnswer {
  readonly reasoning: readonly string[];
  readonly text: readonly string[];
  /** The provider's error follows after the text. */
  readonly fails: boolean;
  /** A tool that it wants to call. */
  readonly call?: DemoToolCall;
}

export interface DemoToolCall {
  readonly toolName: string;
  readonly input: Readonly<Record<string, string>>;
}

const highestCount = 5000;

/** Chooses the answer to a prompt: a title, an answer, or the rest of one that was cut off. */
export function composeDemoAnswer(prompt: LanguageModelV4Prompt): DemoAnswer {
  const question = lastQuestion(prompt);
  if (isTitlePrompt(prompt)) return speak(titleOf(question));
  const result = toolResult(prompt);
  if (result !== null) return speak(result);
  if (question !== continueInstructions) return answerMessage(prompt);
  const [kept, before] = [prompt.at(-2), prompt.slice(0, -2)];
  return withoutBeginning(answerMessage(before), kept ? promptText([kept]) : "");
}

/** Says what was given, and answers what was asked. */
function answerMessage(prompt: LanguageModelV4Prompt): DemoAnswer {
  const question = lastQuestion(prompt);
  const files = lastFiles(prompt);
  if (files.length === 0) return answerQuestion(question);
  const seen = speak(`You gave me:\n\n${files.map(describeFile).join("\n")}\n\n`);
  if (question === "") return seen;
  const answer = answerQuestion(question);
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
  const start = firstLine === "" ? "" : `. It begins: “${firstWords(firstLine, 120)}”`;
  return `- **${name}**: ${mediaType}, ${bytes} bytes${start}`;
}

/** The rest of an answer of which `kept` is there already; thoughts are not thought again. */
function withoutBeginning(answer: DemoAnswer, kept: string): DemoAnswer {
  const keptText = kept.slice(kept.indexOf(answer.text[0]?.trim() ?? ""));
  let missing = answer.text.join("");
  missing = missing.startsWith(keptText) ? missing.slice(keptText.length) : missing;
  return { ...answer, reasoning: [], text: toPieces(missing) };
}

function answerQuestion(question: string): DemoAnswer {
  const wish = question
    .replace(/\s+/g, " ")
    .replace(/[\s.!?…]+$/, "")
    .trim();
  const count = /^(?:please )?count (?:up )?to (\d[\d,_ ]*)$/i.exec(wish);
  if (count?.[1]) return countTo(Number(count[1].replace(/\D/g, "")));
  const topic = /^(?:please )?think (?:hard )?about (.+)$/i.exec(wish);
  if (topic?.[1]) return thinkAbout(topic[1]);
  if (/^(?:a |the )?markdown sample$/i.test(wish)) return speak(markdownSample);
  const call = findToolCall(wish);
  if (call) return { ...speak("Let me look."), call };
  if (/^(?:please )?fail$/i.test(wish)) return { ...speak(beforeFailure), fails: true };
  return speak(introduction(question));
}

/** The tool that a wish needs, if it needs one. */
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

/** What to say to the results of tools that were just called; null when none was. */
function toolResult(prompt: LanguageModelV4Prompt): string | null {
  const last = prompt.at(-1);
  if (last?.role !== "tool") return null;
  return last.content
    .flatMap((part) => {
      if (part.type !== "tool-result") return [];
      const { type } = part.output;
      if (type === "execution-denied") return ["Then I leave it at that."];
      if (type === "error-text") return [`That did not work: ${part.output.value}`];
      const value = type === "json" || type === "text" ? part.output.value : null;
      return [
        `The tool **${part.toolName}** says:\n\n\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``,
      ];
    })
    .join("\n\n");
}

/** The text of the last message from the user; "" when there is none. */
function lastQuestion(prompt: LanguageModelV4Prompt): string {
  const last = prompt.findLast(({ role }) => role === "user");
  return last ? promptText([last]).trim() : "";
}

/** All text of a prompt, a line for each part; without what stands for files. */
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

/** Words, each with the white space that follows it: joined, they are the text again. */
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
  const reasoning = `The question is about ${subject}. First I would collect what is known about it. Then I would look for what speaks against it, and weigh the two. But I am the demo model: I know nothing of ${subject}, and it is better to say so.`;
  const text = `I have thought about **${subject}**, as far as the demo model can think. What stands above this answer is *reasoning*: a model that reasons streams it before the answer, and you can fold it away.`;
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
  "This answer begins like any other, and then the provider fails in the middle of the";

const introduction = (question: string) => `Hello! I am the **demo model**. You asked:

${quote(question)}

I can't really answer that: I stand in until a real model is connected, so that you can try **Alleato Chat** without any key. It is a chat that runs wholly on your own Cloudflare account. Answers go on when you close the tab, and you find them complete on any device.

**To connect Gemini**, set \`GOOGLE_GENERATIVE_AI_API_KEY\`:

- on your machine, as a line in \`.dev.vars\`;
- in production, with \`wrangler secret put GOOGLE_GENERATIVE_AI_API_KEY\`.

**Meanwhile, ask me to**

- \`count to 500\`, and reload the page on the way;
- \`think about the sea\`, to see reasoning;
- \`weather in Paris\`, \`what time is it in Asia/Tokyo\` or \`calculate 2^10\`, to see tools;
- \`markdown sample\`, to see tables, code and math;
- \`fail\`, to see what happens when a provider fails.`;
