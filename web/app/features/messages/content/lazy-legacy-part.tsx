import { Suspense } from "react";
import { lazyPart } from "../../../lib/new-version.ts";
import type { LegacyPartProps } from "./legacy-part.tsx";

// Only chats that were moved here have such parts.
const LegacyPart = lazyPart(async () => ({
  default: (await import("./legacy-part.tsx")).LegacyPart,
}));

/** A part of an older version; nothing until the code is loaded. */
export function LazyLegacyPart(props: LegacyPartProps) {
  return (
    <Suspense>
      <LegacyPart {...props} />
    </Suspense>
  );
}
