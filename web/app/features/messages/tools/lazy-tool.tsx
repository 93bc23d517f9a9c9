import { Suspense } from "react";
import { lazyPart } from "../../../lib/new-version.ts";
import { type ToolCall, toolLabel } from "./tool-call.ts";

// Loaded only for an answer with a tool call. The server waits for it, so that the page arrives
// complete.
const Tool = lazyPart(async () => ({ default: (await import("./tool.tsx")).Tool }));

/** A tool call; only its name until the code is loaded. */
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
