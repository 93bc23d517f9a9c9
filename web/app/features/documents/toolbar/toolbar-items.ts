import type { DocumentKind } from "api-worker/contracts/documents";

/** Something that the model is asked for by one press. */
export interface ToolbarAction {
  readonly label: string;
  /** The message that asks for it. @param name the document's title in quotes */
  readonly ask: (name: string) => string;
}

/** A menu of actions of one sort. */
export interface ToolbarMenu {
  readonly label: string;
  readonly actions: readonly ToolbarAction[];
}

export type ToolbarItem = ToolbarAction | ToolbarMenu;

const readers = ["children", "high school students", "college students", "experts"] as const;
const styles = ["photo", "watercolor", "line drawing", "cartoon", "pixel art picture"] as const;
const languages = ["Python", "JavaScript", "TypeScript", "Java", "C++", "Go", "Rust"] as const;

/** The toolbar of each kind of document, in the order that is shown. */
export const toolbarItems: Readonly<Record<DocumentKind, readonly ToolbarItem[]>> = {
  text: [
    { label: "Polish", ask: (name) => `Polish ${name}.` },
    { label: "Shorten", ask: (name) => `Shorten ${name}.` },
    { label: "Lengthen", ask: (name) => `Lengthen ${name}.` },
    {
      label: "Reading level",
      actions: readers.map((reader) => ({
        label: reader.charAt(0).toUpperCase() + reader.slice(1),
        ask: (name) => `Rewrite ${name} so that it reads well for ${reader}.`,
      })),
    },
  ],
  code: [
    { label: "Add comments", ask: (name) => `Add comments to ${name}.` },
    { label: "Add logs", ask: (name) => `Add log lines to ${name}.` },
    { label: "Fix bugs", ask: (name) => `Fix the bugs in ${name}.` },
    {
      label: "Port",
      actions: languages.map((language) => ({
        label: language,
        // The language belongs to a document, and the original is worth keeping beside it.
        ask: (name) => `Port ${name} to ${language}, as a new document.`,
      })),
    },
  ],
  sheet: [
    { label: "Describe", ask: (name) => `Describe ${name}.` },
    { label: "Clean up", ask: (name) => `Clean up ${name}.` },
    // An SVG, so that it can be edited, downloaded, and shown where code is run.
    { label: "Chart", ask: (name) => `Make a chart of ${name} in SVG, as a new document.` },
  ],
  image: [
    { label: "Try again", ask: (name) => `Redraw ${name} in a different way.` },
    { label: "More detail", ask: (name) => `Redraw ${name} with more detail.` },
    {
      label: "Style",
      actions: styles.map((style) => ({
        label: style.charAt(0).toUpperCase() + style.slice(1).replace(" picture", ""),
        ask: (name) => `Redraw ${name} as a ${style}.`,
      })),
    },
  ],
};
