import { lazy, Suspense } from "react";
import type { ToolProps } from "./tool.tsx";
import { type ToolCall, toolLabel } from "./tool-call.ts";

// Only an answer that called a tool loads this. The server waits for it, so that the page arrives whole.
const Tool = lazy(async () => ({ default: (await import("./tool.tsx")).Tool }));

/** A tool call; its name alone until the code has come. */
export function LazyTool(props: ToolProps) {
  return (
    <Suspense fallback={<ToolName call={props.call} />}>
      <Tool {...props} />
    </Suspense>
  );
}

function ToolName({ call }: { call: ToolCall }) {
  return <p className="min-h-8 text-sm text-muted">{toolLabel(call)}</p>;
}
