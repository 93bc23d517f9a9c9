/** One line that shows a text as it is. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\`*[\]<$~|]|&(?=#?\w+;)|(?<!\w)_|_(?!\w)|(?<=^| )#(?=#* ?$)/g, "\\$&")
    .trim();
}
