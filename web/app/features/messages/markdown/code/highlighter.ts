import highlight from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import markdown from "highlight.js/lib/languages/markdown";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { type CodeToken, FlatEmitter } from "./flat-emitter.ts";

const highlighter = highlight.newInstance();
highlighter.configure({ __emitter: FlatEmitter });

const languages = {
  bash,
  cpp,
  csharp,
  css,
  diff,
  go,
  java,
  javascript,
  json,
  markdown,
  php,
  python,
  ruby,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
for (const [name, language] of Object.entries(languages)) {
  highlighter.registerLanguage(name, language);
}
highlighter.registerAliases(["console", "shell"], { languageName: "bash" });
highlighter.registerAliases(["vue", "svelte"], { languageName: "xml" });
highlighter.registerAliases(["jsonc", "json5"], { languageName: "json" });

/** Whether code of this language can be coloured. */
export function isKnownLanguage(language: string): boolean {
  return highlighter.getLanguage(language) !== undefined;
}

/** Coloured code. */
export interface ColouredCode {
  readonly tokens: readonly CodeToken[];
  /** Whether nothing is open at the end, so that code after it can be coloured by itself. */
  readonly isClosed: boolean;
}

/** Colours code of a known language. */
export function colourCode(code: string, language: string): ColouredCode {
  const { _emitter, _top } = highlighter.highlight(code, { language, ignoreIllegals: true });
  const mode = _top as { readonly parent?: unknown } | undefined;
  return { tokens: (_emitter as FlatEmitter).tokens, isClosed: mode?.parent === undefined };
}
