/** The plan of one random run, made from a seed: the same seed gives the same plan. */
import { Dice } from "./dice.ts";
import type { Fate, Step } from "./faults.ts";
import type { Script } from "./scripted-model.ts";

/** An action of a user, or a fault of the object, in mid-answer. */
export type Action =
  | { readonly do: "wait"; readonly ms: number }
  /** A new reader, from the start. */
  | { readonly do: "join" }
  /** A reader closes the page; `pick` selects which one. */
  | { readonly do: "leave"; readonly pick: number }
  /** A disconnected reader reconnects with its last id, or joins when it has none. */
  | { readonly do: "resume"; readonly pick: number }
  | { readonly do: "stop" }
  | { readonly do: "send" }
  | { readonly do: "crash" }
  | { readonly do: "alarm" };

/** One turn: the first answers a message, each later one continues the answer. */
export interface Round {
  readonly actions: readonly Action[];
  /** Whether a reader opens the chat while the turn starts, and reads the live turn. */
  readonly isWatched: boolean;
  /** The fault, and the step of the object at which it happens. */
  readonly fault: { readonly step: Step; readonly index: number; readonly fate: Fate } | null;
}

export interface Plan {
  readonly script: Script;
  readonly rounds: readonly Round[];
  /** Whether the chat is deleted in the middle of the last round. */
  readonly isDeleted: boolean;
  /** Whether the log goes to R2, and the object deletes it at the end. */
  readonly isLong: boolean;
}

export function makePlan(seed: number): Plan {
  const dice = new Dice(seed);
  const largest = dice.pick([1, 7, 60, 900]);
  const script: Script = {
    length: dice.between(0, largest * 40),
    sizes: dice.list(1, 8, () => dice.between(1, largest)),
    pausesMs: dice.list(1, 6, () => (dice.isOneIn(3) ? dice.between(1, 12) : 0)),
    thoughts: dice.isOneIn(4) ? dice.between(1, 300) : 0,
    end: dice.pick(["stop", "stop", "stop", "error", "silence"]),
  };
  return {
    script,
    rounds: dice.list(1, 3, () => makeRound(dice)),
    isDeleted: dice.isOneIn(12),
    isLong: dice.isOneIn(5),
  };
}

function makeRound(dice: Dice): Round {
  return {
    actions: dice.list(0, 8, () => makeAction(dice)),
    isWatched: dice.isOneIn(3),
    fault: dice.isOneIn(2) ? makeFault(dice) : null,
  };
}

function makeAction(dice: Dice): Action {
  const pick = dice.between(0, 5);
  return dice.pick<Action>([
    { do: "wait", ms: dice.between(0, 40) },
    { do: "wait", ms: dice.between(0, 10) },
    { do: "join" },
    { do: "leave", pick },
    { do: "resume", pick },
    { do: "resume", pick },
    dice.pick<Action>([{ do: "stop" }, { do: "send" }, { do: "crash" }, { do: "alarm" }]),
  ]);
}

function makeFault(dice: Dice): Round["fault"] {
  const step = dice.pick<Step>(["d1", "kv", "r2", "sync", "transaction"]);
  const dies: [Fate, ...Fate[]] = ["crash", "crash-after"];
  const fate = dice.pick<Fate>(
    step === "sync" || step === "transaction" ? dies : [...dies, "fail", "fail-after"],
  );
  const last = step === "sync" ? 12 : step === "d1" ? 4 : 0;
  return { step, index: dice.between(0, last), fate };
}
