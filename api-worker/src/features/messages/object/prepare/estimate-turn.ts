import type { UIMessage } from "ai";
import type { ModelPrice } from "../../../../contracts/model-settings.ts";
import type { FileFacts } from "../../../../contracts/uploads.ts";
import type { Hold } from "../../../limits/site/site-ledger.ts";
import type { NewTurn } from "../turn-store.ts";
import {
  noTokens,
  type SentFile,
  type Tokens,
  tokensOfFiles,
  tokensOfLength,
} from "./estimate-tokens.ts";
import type { PreparedTurn } from "./preparation.ts";

/** An answer with its thoughts; few are longer. */
const outputTokens = 4_000;
/** The instructions, and the descriptions of the tools. */
const instructionTokens = 1_500;
/** Of a file whose size its message does not tell: an early import. */
const unknownFileBytes = 100_000;
/** The call that names a chat: its instructions and the beginning of the question, and the name. */
const nameCall = { inputTokens: 700, outputTokens: 300 };

/**
 * Estimates what a turn is going to use, for the limits in money and the budget of the site: its input
 * by the length of the history, and a long answer.
 *
 * @param price of the turn's model; null when none is known
 */
export function estimateTurn(
  turn: NewTurn,
  prepared: PreparedTurn,
  price: ModelPrice | null,
): Hold {
  const { turnId, contentShard, userId, assistantMessageId: messageId } = turn;
  const { history, question, tokensBefore = 0 } = prepared;
  const parts = history.flatMap((message) => message.parts);
  const inputTokens =
    parts.reduce((sum, part) => sum + tokensIn(part), instructionTokens) +
    tokensOfFiles(parts.flatMap(fileOf));
  const name = question === null ? noTokens : nameCall;
  return {
    turnId,
    estimate: { inputTokens, outputTokens, extraTokens: name.inputTokens + name.outputTokens },
    answer: { contentShard, userId, messageId, tokensBefore },
    ...(price && {
      cost: {
        answerNanos: costOf(price, { inputTokens, outputTokens }),
        extraNanos: costOf(price, name),
      },
    }),
  };
}

/** What tokens cost, in nano-dollars: a whole number, because a token's price is one. */
export function costOf(
  { inputNanos, outputNanos }: ModelPrice,
  { inputTokens, outputTokens }: Tokens,
): number {
  return inputTokens * inputNanos + outputTokens * outputNanos;
}

function tokensIn(part: UIMessage["parts"][number]): number {
  if (part.type === "file") return 0;
  return tokensOfLength("text" in part ? part.text.length : JSON.stringify(part).length);
}

function fileOf(part: UIMessage["parts"][number]): SentFile[] {
  if (part.type !== "file") return [];
  const facts = part.providerMetadata?.alleato as Partial<FileFacts> | undefined;
  return [{ mediaType: part.mediaType, bytes: facts?.bytes ?? unknownFileBytes }];
}
