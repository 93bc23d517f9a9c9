/**
 * A tool for tests: it writes a draft into the answer, piece by piece, as a data part of a kind
 * that no contract has.
 */
import { tool } from "ai";
import { z } from "zod";
import type { ToolPorts, Tools } from "../src/ai/tools/registry.ts";
import type { TurnOwner } from "../src/features/messages/turn/turn-protocol.ts";
import { delay } from "../src/platform/delay.ts";
import { countingText, scriptText } from "./scripted-model.ts";
import type { Chunk } from "./stream.ts";

const draftSchema = z.object({
  /** Pieces of the draft. */
  pieces: z.int(),
  /** Characters of each piece. */
  size: z.int(),
  /** Milliseconds between two pieces. */
  pauseMs: z.int(),
  isTransient: z.boolean().default(false),
});

/** A question that makes the model call the tool and then say a few words. */
export const draftQuestion = (draft: z.input<typeof draftSchema>): string =>
  scriptText({ length: 20, sizes: [5], call: { toolName: "writeDraft", input: draft } });

const emitted = new Map<string, number>();

/**
 * How many pieces the tool has written for a chat, including those that the answer did not take.
 */
export const emittedIn = (chatId: string): number => emitted.get(chatId) ?? 0;

/** The tool, bound to a turn. It ignores signals, so the answer itself must refuse late pieces. */
export function createDraftTool({ chatId }: TurnOwner, emit: ToolPorts["emit"]): Tools {
  const writeDraft = tool({
    description: "Writes a draft.",
    inputSchema: draftSchema,
    execute: async ({ pieces, size, pauseMs, isTransient }, { toolCallId }) => {
      const whole = countingText(pieces * size);
      for (let piece = 0; piece < pieces; piece += 1) {
        const delta = whole.slice(piece * size, (piece + 1) * size);
        const transient = isTransient ? { transient: true } : {};
        emit({
          type: "data-draft",
          id: toolCallId,
          data: { chatId, delta },
          ...transient,
        } as never);
        emitted.set(chatId, emittedIn(chatId) + 1);
        await delay(pauseMs);
      }
      return { length: whole.length };
    },
  });
  return { writeDraft };
}

/** The drafts' text that a reader has received. */
export const draftIn = (chunks: readonly Chunk[]): string =>
  chunks
    .filter(({ type }) => type === "data-draft")
    .map(({ data }) => (data as { delta: string }).delta)
    .join("");
