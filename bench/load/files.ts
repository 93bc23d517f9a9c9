/** Starts of Markdown that a careless parser reads to the end for each of them. */
const openings = [
  "\\[\n",
  "$$ ",
  "> ",
  "[a](",
  "![",
  "*a **b ",
  "`` ` ",
  "<a ",
  "| a ",
  "[^1]: ",
  "- ",
  "\\begin{matrix} ",
  "&amp",
  "https://",
];

/** A text of about so many bytes, of one kind of opening. */
export function hostileText(index: number, bytes: number): string {
  const opening = openings[index % openings.length] ?? "";
  return opening.repeat(Math.ceil(bytes / opening.length));
}

export const hostileKinds = openings.length;
