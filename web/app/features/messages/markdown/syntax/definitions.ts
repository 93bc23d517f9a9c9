import type { Env, MarkdownIt, StateCore } from "markdown-it";

/** What the parser knows beside its tokens. */
export interface ParserEnv extends Env {
  /** Whether the text may go on. */
  readonly isOpen: boolean;
  /** Set by the rule for footnotes. */
  footnotes?: { refs?: Record<string, number>; list?: unknown[] };
}

/**
 * Shows a link definition that nothing uses. It would vanish by Markdown's rules. One that is used is in the address of its link.
 */
export function definitions(md: MarkdownIt): void {
  const used = new WeakMap<Env, Set<string>>();
  md.core.ruler.disable("strip_references");
  // All definitions are known before the first link is looked up.
  md.core.ruler.before("inline", "watch_definitions", ({ env }) => {
    const labels = new Set<string>();
    used.set(env, labels);
    if (!env.references) return;
    env.references = new Proxy(env.references, {
      get(references, label) {
        if (label in references) labels.add(String(label));
        return Reflect.get(references, label);
      },
    });
  });
  md.core.ruler.push("unused_definitions", (state: StateCore) => {
    const lines = state.env.references ? state.src.split("\n") : [];
    const shown = new Set<unknown>();
    for (const token of state.tokens) {
      if (token.type !== "reference_definition" || !token.map) continue;
      const label = token.meta?.label;
      // Of two definitions with one label the second is never used.
      token.hidden = used.get(state.env)?.has(String(label)) === true && !shown.has(label);
      shown.add(label);
      token.content = lines
        .slice(...token.map)
        .join("\n")
        .trim();
    }
  });
}
