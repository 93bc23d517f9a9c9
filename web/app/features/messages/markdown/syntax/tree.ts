import type { Token } from "markdown-it";

/** A token with what is inside it. */
export interface Node {
  readonly token: Token;
  readonly children: readonly Node[];
}

/** Elements within a sentence that are nested deeper lose their style, and keep their text. */
const inlineDepthMax = 20;

/** Builds the tree of a list of tokens, whose opening and closing tokens are balanced. */
export function treeOf(tokens: readonly Token[]): Node[] {
  const root: Node[] = [];
  const open: Node[][] = [root];
  for (const token of tokens) {
    if (token.nesting < 0) {
      open.pop();
      continue;
    }
    const children = token.type === "inline" ? inlineTree(token.children ?? []) : [];
    open.at(-1)?.push({ token, children });
    if (token.nesting > 0) open.push(children);
  }
  return root;
}

/** A place in the tree of a sentence. */
interface Frame {
  readonly children: Node[];
  /** The tag that opened it; undefined for an element of Markdown. */
  readonly tag: Token | undefined;
}

/** Builds the tree of a sentence, where tags of HTML may lack their partners. */
export function inlineTree(tokens: readonly Token[]): Node[] {
  const frames: Frame[] = [{ children: [], tag: undefined }];
  const add = (node: Node) => frames.at(-1)?.children.push(node);
  const enter = (token: Token, tag: Token | undefined) => {
    const children = frames.length > inlineDepthMax ? (frames.at(-1)?.children ?? []) : [];
    if (frames.length <= inlineDepthMax) add({ token, children });
    frames.push({ children, tag });
  };
  for (const token of pairTags(tokens)) {
    if (token.type === "html_tag") {
      if (token.meta?.isEnd === true) frames.pop();
      else enter(token, token);
    } else if (token.nesting > 0) enter(token, undefined);
    else if (token.nesting < 0) frames.pop();
    else add({ token, children: token.type === "image" ? inlineTree(token.children ?? []) : [] });
  }
  return frames[0]?.children ?? [];
}

/** Turns tags without a partner in the same element into text. */
function pairTags(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some(({ type }) => type === "html_tag")) return tokens;
  const paired = new Set<Token>();
  const open: (Token | undefined)[] = [];
  for (const token of tokens) {
    if (token.nesting > 0) open.push(undefined);
    else if (token.nesting < 0) while (open.length > 0 && open.pop() !== undefined);
    else if (token.type !== "html_tag") continue;
    else if (token.meta?.isEnd !== true) open.push(token);
    else if (open.at(-1)?.tag === token.tag) {
      const opener = open.pop();
      if (opener) paired.add(opener);
      paired.add(token);
    }
  }
  for (const token of tokens) {
    if (token.type === "html_tag" && !paired.has(token)) token.type = "text";
  }
  return tokens;
}
