export const fixLabel = "Fix this";

/** The message that asks the model to repair a document, with the end of the error. */
export function fixRequest(name: string, error: string): string {
  const text = error.slice(-4_000);
  // A fence that the error cannot close.
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `Fix ${name}. Running it failed with this error:\n\n${fence}\n${text}\n${fence}`;
}
