import { Suspense } from "react";
import { lazyPart } from "../../../lib/new-version.ts";
import type { MarkdownProps } from "./markdown.tsx";
import { PlainText } from "./plain-text.tsx";

const load = () => import("./markdown.tsx");

// The renderer is loaded only for a page with an answer. The server waits for it, so that the page
// arrives complete; the browser keeps the server's HTML until the code is loaded.
const Markdown = lazyPart(async () => ({ default: (await load()).Markdown }));

/** Starts loading the renderer before the first word of an answer arrives. */
export function preloadMarkdown(): void {
  // If loading fails, the text stays plain, and the next answer tries again.
  load().catch(() => {});
}

/** Parses a growing text, so that the browser has compiled the parser before it is needed. */
export async function rehearseMarkdown(texts: readonly string[]): Promise<void> {
  const { parseGrowing } = await load();
  parseGrowing(texts);
}

/** Rendered Markdown; plain until the renderer is loaded. */
export function LazyMarkdown(props: MarkdownProps) {
  return (
    <Suspense fallback={<PlainText text={props.text} />}>
      <Markdown {...props} />
    </Suspense>
  );
}
