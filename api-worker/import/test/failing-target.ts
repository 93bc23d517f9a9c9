import type { Target } from "../model.ts";

/** The end of a process, as far as the target is concerned. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** A target that does a number of calls that write, and loses the answer of the last of them. */
export function failingAfter(target: Target, calls: number): Target {
  let count = 0;
  const counted = async (work: () => Promise<void>) => {
    if (count >= calls) throw new Killed();
    count += 1;
    await work();
    if (count === calls) throw new Killed();
  };
  return {
    ...target,
    query: async (database, statement) => {
      if (count >= calls) throw new Killed();
      return target.query(database, statement);
    },
    batch: (database, statements) => counted(() => target.batch(database, statements)),
    files: {
      ...target.files,
      put: (key, bytes, mediaType) => counted(() => target.files.put(key, bytes, mediaType)),
    },
  };
}
