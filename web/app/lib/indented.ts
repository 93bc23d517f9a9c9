/** JSON with a line for each value; any other text, and JSON that is nested too deeply, as it is. */
export function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
