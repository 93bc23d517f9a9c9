/**
 * Counts what a function does with strings, by the built-in functions that it calls: a step for
 * each character that is read, searched or matched. Unlike time, it is the same on every machine.
 */
export async function countWork<Result>(
  run: () => Promise<Result>,
): Promise<{ readonly steps: number; readonly result: Result }> {
  let steps = 0;
  const restore: (() => void)[] = [];
  const watch = <Self>(target: object, name: string, costOf: (self: Self) => Cost) => {
    const original = Reflect.get(target, name) as (...args: unknown[]) => unknown;
    Reflect.set(target, name, function watched(this: Self, ...args: unknown[]) {
      const cost = costOf(this);
      const result = original.apply(this, args);
      steps += cost(args, result);
      return result;
    });
    restore.push(() => Reflect.set(target, name, original));
  };
  // A slice shares the memory of its text.
  for (const name of ["charCodeAt", "codePointAt", "charAt", "slice", "substring"]) {
    watch(String.prototype, name, () => () => 1);
  }
  for (const name of ["trim", "trimEnd", "toLowerCase"]) {
    watch(String.prototype, name, () => (_args, result) => String(result).length);
  }
  for (const name of ["indexOf", "includes"]) watch(String.prototype, name, searched);
  watch(RegExp.prototype, "exec", matched);
  try {
    const result = await run();
    return { steps, result };
  } finally {
    for (const undo of restore) undo();
  }
}

type Cost = (args: readonly unknown[], result: unknown) => number;

/** The distance to what was found, or to the end. */
function searched(text: string): Cost {
  return ([, from], result) => {
    const begin = typeof from === "number" ? from : 0;
    const end = typeof result === "number" && result >= 0 ? result : String(text).length;
    return 1 + Math.max(0, end - begin);
  };
}

/** The distance to the end of the match. A pattern that begins where it is tried fails at once. */
function matched(pattern: RegExp): Cost {
  const begin = pattern.global || pattern.sticky ? pattern.lastIndex : 0;
  const isAnchored = pattern.sticky || pattern.source.startsWith("^");
  return ([text], result) => {
    const match = result as RegExpExecArray | null;
    if (match) return 1 + match.index + match[0].length - begin;
    return isAnchored ? 1 : 1 + String(text).length - begin;
  };
}
