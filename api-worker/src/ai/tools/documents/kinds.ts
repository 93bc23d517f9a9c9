import type { DocumentKind } from "../../../contracts/documents.ts";
import { dropFence } from "./drop-fence.ts";
import { suggestionInstructions } from "./suggestions/suggestion-instructions.ts";

interface WrittenKind {
  /** Says when a model should choose this kind. */
  readonly use: string;
  /** Instructions for the model that writes the content. */
  readonly instructions: string;
  /** Changes the pieces of the content as they arrive. */
  readonly clean: (pieces: AsyncIterable<string>) => AsyncIterable<string>;
}

const asIs: WrittenKind["clean"] = (pieces) => pieces;

/** The kinds whose content the model writes as a text. */
export type WrittenKindName = Exclude<DocumentKind, "image">;

/** Says when a model should choose the kind that is drawn. */
export const imageUse = "a picture that an image model draws by the instructions";

/** How models write each kind of document. */
export const writtenKinds: Readonly<Record<WrittenKindName, WrittenKind>> = {
  text: {
    use: "prose in Markdown: essays, letters, reports, plans",
    instructions: `You write a document in Markdown.
Answer with the document's content alone: nothing before it, nothing after it, no fence around it.
Write in the language that the conversation asks for. Do not repeat the title as a heading.`,
    clean: asIs,
  },
  code: {
    use: "the source code of one file",
    instructions: `You write a file of source code.
Answer with the code alone: no explanation, no Markdown, no fence around it. Explain in comments where it helps.
The code must be complete and runnable as it is, without input from the keyboard.`,
    clean: dropFence,
  },
  sheet: {
    use: "a table of data as CSV: lists, budgets, plans with rows and columns",
    instructions: `You write a sheet as CSV.
Answer with the CSV alone: nothing before it, nothing after it, no Markdown, no fence around it.
Separate cells by commas. Put a cell that has a comma, a quotation mark or a line break in quotation marks, and double the quotation marks in it. The first row has the headings of the columns, and every row has as many cells as it. Write numbers without units and without separators of thousands. Write values, not formulas.`,
    clean: dropFence,
  },
};

/** Whether instructions are those of a document's writer, or of its reviewer. The demo model recognises them. */
export function isWriterInstructions(instructions: string): boolean {
  return (
    instructions === suggestionInstructions ||
    Object.values(writtenKinds).some((kind) => instructions === kind.instructions)
  );
}
