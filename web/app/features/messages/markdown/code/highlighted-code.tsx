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
import { createLowlight } from "lowlight";
import { Fragment, type ReactNode, useMemo } from "react";

const lowlight = createLowlight({
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
});
lowlight.registerAlias({
  bash: ["console", "shell"],
  xml: ["vue", "svelte"],
  json: ["jsonc", "json5"],
});

/**
 * Characters. Longer code is shown without colours, because highlighting it again at each step
 * would block the page.
 */
const highlightMaxLength = 30_000;

/** Code with highlighted tokens in `hljs-…` classes. An unknown language stays plain. */
export function HighlightedCode({ code, language }: { code: string; language: string }) {
  return useMemo(() => {
    if (code.length > highlightMaxLength || !lowlight.registered(language)) return code;
    return elements(lowlight.highlight(language, code).children);
  }, [code, language]);
}

type HighlightNode = ReturnType<typeof lowlight.highlight>["children"][number];

function elements(nodes: readonly HighlightNode[]): ReactNode {
  return nodes.map((node, index) => {
    if (node.type === "text") return <Fragment key={index}>{node.value}</Fragment>;
    if (node.type !== "element") return null;
    const className = (node.properties.className as string[] | undefined)?.join(" ");
    return (
      <span key={index} className={className}>
        {elements(node.children as HighlightNode[])}
      </span>
    );
  });
}
