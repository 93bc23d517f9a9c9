/**
 * A model that follows a script in its question, so that a test decides the size of each chunk and
 * how the answer ends. Its text is "1 2 3 …", cut off at a length.
 */
import type {
  LanguageModelV4,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import { promptText } from "../src/ai/demo-answers.ts";
import { isWriterPrompt } from "../src/ai/demo-documents.ts";
import type { ResolvedModel } from "../src/ai/models.ts";
import { continueInstructions, isTitlePrompt } from "../src/ai/prompts.ts";
import { newId } from "../src/platform/ids.ts";

/** The script of an answer. */
export interface Script {
  /** Characters of the whole answer. */
  readonly length: number;
  /** Another text than "1 2 3 …", up to `length`. */
  readonly says?: string;
  /** Characters of each chunk; the list repeats. */
  readonly sizes: readonly number[];
  /** Milliseconds before each chunk; the list repeats. 0 for none. */
  readonly pausesMs?: readonly number[];
  /** Characters of reasoning before the answer. */
  readonly thoughts?: number;
  /**
   * Characters after which a turn falls silent, so that it must be stopped and another turn
   * continues.
   */
  readonly perTurn?: number;
  /** How it ends: normally, with an error, or never. */
  readonly end?: "stop" | "error" | "silence";
  /** Characters that it says before it calls the tool. */
  readonly saysFirst?: number;
  /** A tool that it calls first; what it says follows the tool's result. */
  readonly call?: { readonly toolName: string; readonly input: object };
}

const marker = "script ";

/** The question that makes the model follow a script. */
export const scriptText = (script: Script): string => marker + JSON.stringify(script);

let counted = "";
let last = 0;

/** The first `length` characters of "1 2 3 …". */
export function countingText(length: number): string {
  while (counted.length < length) {
    last += 1;
    counted += `${last} `;
  }
  return counted.slice(0, length);
}

/** The given model, except for questions that are scripts. */
export function scriptedOr(model: ResolvedModel | undefined): ResolvedModel | undefined {
  if (!model || typeof model.languageModel === "string") return model;
  const other = model.languageModel as LanguageModelV4;
  return {
    ...model,
    languageModel: {
      specificationVersion: "v4",
      provider: other.provider,
      modelId: other.modelId,
      supportedUrls: other.supportedUrls,
      doGenerate: (call) => other.doGenerate(call),
      async doStream(call) {
        const task = isTitlePrompt(call.prompt) ? undefined : readTask(call.prompt);
        if (!task) return other.doStream(call);
        return { stream: toStream(speak(task, call.abortSignal)) };
      },
    },
  };
}

interface Task {
  readonly script: Script;
  /** Characters that were sent already. */
  readonly from: number;
  /** Whether the tool that the script calls has been called. */
  readonly hasCalled: boolean;
}

function readTask(prompt: LanguageModelV4Prompt): Task | undefined {
  const lastText = textOfLastUser(prompt);
  // The task of a document's writer has the script among its words.
  if (isWriterPrompt(prompt)) return toTask(lastText.slice(lastText.indexOf(marker)), 0, true);
  if (lastText !== continueInstructions) {
    return toTask(lastText, 0, prompt.at(-1)?.role === "tool");
  }
  const before = prompt.slice(0, -2);
  const kept = prompt.at(-2);
  const said = kept && Array.isArray(kept.content) ? kept.content : [];
  const text = said.map((part) => (part.type === "text" ? part.text : "")).join("");
  return toTask(textOfLastUser(before), text.length, true);
}

function toTask(text: string, from: number, hasCalled: boolean): Task | undefined {
  if (!text.startsWith(marker)) return undefined;
  return { script: JSON.parse(text.slice(marker.length)) as Script, from, hasCalled };
}

function textOfLastUser(prompt: LanguageModelV4Prompt): string {
  const message = prompt.findLast(({ role }) => role === "user");
  return message ? promptText([message]).trim() : "";
}

async function* speak(
  { script, from, hasCalled }: Task,
  signal: AbortSignal | undefined,
): AsyncGenerator<LanguageModelV4StreamPart, void> {
  yield { type: "stream-start", warnings: [] };
  if (script.call && !hasCalled) {
    const { toolName, input } = script.call;
    if (script.saysFirst) {
      yield { type: "text-start", id: "first" };
      yield { type: "text-delta", id: "first", delta: countingText(script.saysFirst) };
      yield { type: "text-end", id: "first" };
    }
    yield { type: "tool-call", toolCallId: newId(), toolName, input: JSON.stringify(input) };
    yield { type: "finish", usage: usageOf(1), finishReason: { unified: "tool-calls", raw: "" } };
    return;
  }
  const thoughts = from === 0 ? countingText(script.thoughts ?? 0) : "";
  const text = (script.says ?? countingText(script.length)).slice(from, script.length);
  let index = 0;
  for (const [type, whole] of [
    ["reasoning", thoughts],
    ["text", text],
  ] as const) {
    if (whole === "") continue;
    yield { type: `${type}-start`, id: type };
    for (let at = 0; at < whole.length; index += 1) {
      if (type === "text" && at >= (script.perTurn ?? whole.length)) await sleep(2 ** 30, signal);
      const size = script.sizes[index % script.sizes.length] ?? 1;
      const pauseMs = script.pausesMs?.[index % script.pausesMs.length] ?? 0;
      if (pauseMs > 0) await sleep(pauseMs, signal);
      signal?.throwIfAborted();
      yield { type: `${type}-delta`, id: type, delta: whole.slice(at, at + size) };
      at += size;
    }
    yield { type: `${type}-end`, id: type };
  }
  if (script.end === "silence") await sleep(2 ** 30, signal);
  if (script.end === "error") {
    yield { type: "error", error: new Error("The script says to fail.") };
    return;
  }
  yield { type: "finish", usage: usageOf(index), finishReason: { unified: "stop", raw: "stop" } };
}

function usageOf(outputTokens: number): LanguageModelV4Usage {
  return {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: outputTokens, text: outputTokens, reasoning: 0 },
  };
}

function toStream<Part>(parts: AsyncGenerator<Part, void>): ReadableStream<Part> {
  return new ReadableStream<Part>(
    {
      async pull(controller) {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await parts.return();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Rejects with the signal's reason when it is aborted. */
function sleep(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, durationMs);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
