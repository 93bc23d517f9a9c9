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

/** Builds the tree of a sentence, where tags of HTML may lack their partners. */
function inlineTree(tokens: readonly Token[]): Node[] {
  const root: Node[] = [];
  const open: Node[][] = [root];
  const add = (node: Node) => open.at(-1)?.push(node);
  const enter = (token: Token) => {
    const isTooDeep = open.length > inlineDepthMax;
    const children = isTooDeep ? (open.at(-1) ?? []) : [];
    if (!isTooDeep) add({ token, children });
    open.push(children);
  };
  for (const token of pairTags(tokens)) {
    if (token.type === "html_tag") {
      if (token.meta?.isEnd === true) open.pop();
      else enter(token);
    } else if (token.nesting > 0) enter(token);
    else if (token.nesting < 0) open.pop();
    else add({ token, children: token.type === "image" ? inlineTree(token.children ?? []) : [] });
  }
  return root;
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
