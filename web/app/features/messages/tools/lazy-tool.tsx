import { lazy, Suspense } from "react";
import { type ToolCall, toolLabel } from "./tool-call.ts";

// Only an answer that called a tool loads this. The server waits for it, so that the page arrives whole.
const Tool = lazy(async () => ({ default: (await import("./tool.tsx")).Tool }));

/** A tool call; its name alone until the code has come. */
export function LazyTool({ call }: { call: ToolCall }) {
  return (
    <Suspense fallback={<ToolName call={call} />}>
      <Tool call={call} />
    </Suspense>
  );
}

function ToolName({ call }: { call: ToolCall }) {
  return <p className="min-h-8 text-sm text-muted">{toolLabel(call)}</p>;
}
