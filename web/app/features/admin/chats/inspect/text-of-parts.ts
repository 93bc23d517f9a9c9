/** A part of a message, as far as its text is shown. */
interface Part {
  readonly type: string;
  readonly text?: string;
  readonly filename?: string;
}

/**
 * The text of a stored message. Parts that are no text stand as their type, so that nothing is left
 * out without a trace.
 *
 * @param json the parts, as the database has them
 */
export function textOfParts(json: string): string {
  const parts = JSON.parse(json) as readonly Part[];
  const lines = parts.flatMap(({ type, text, filename }) => {
    if (type === "step-start") return [];
    if (type === "text") return [text ?? ""];
    return [`[${filename ? `${type}: ${filename}` : type}]`];
  });
  return lines.join("\n\n");
}
