import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import { markdownSample } from "./demo-markdown-sample.ts";
import { continueInstructions, isTitlePrompt } from "./prompts.ts";
import { firstWords } from "./title-text.ts";

/** What the demo model says, in pieces of one token each. */
export interface DemoAnswer {
  readonly reasoning: readonly string[];
  readonly text: readonly string[];
  /** The provider's error follows after the text. */
  readonly fails: boolean;
}

const highestCount = 5000;

/** Chooses the answer to a prompt: a title, an answer, or the rest of one that was cut off. */
export function composeDemoAnswer(prompt: LanguageModelV4Prompt): DemoAnswer {
  const question = lastQuestion(prompt);
  if (isTitlePrompt(prompt)) return speak(titleOf(question));
  if (question !== continueInstructions) return answerQuestion(question);
  const [kept, before] = [prompt.at(-2), prompt.slice(0, -2)];
  return withoutBeginning(answerQuestion(lastQuestion(before)), kept ? promptText([kept]) : "");
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
  if (/^(?:please )?fail$/i.test(wish)) return { ...speak(beforeFailure), fails: true };
  return speak(introduction(question));
}

/** The text of the last message from the user; "" when there is none. */
function lastQuestion(prompt: LanguageModelV4Prompt): string {
  const last = prompt.findLast(({ role }) => role === "user");
  return last ? promptText([last]).trim() : "";
}

/** All text of a prompt, a line for each part. */
export function promptText(prompt: LanguageModelV4Prompt): string {
  return prompt
    .flatMap(({ content }) =>
      typeof content === "string"
        ? [content]
        : content.map((part) => (part.type === "text" ? part.text : "")),
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
- \`markdown sample\`, to see tables, code and math;
- \`fail\`, to see what happens when a provider fails.`;
