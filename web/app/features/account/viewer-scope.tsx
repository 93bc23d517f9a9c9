import {
  type DehydratedState,
  HydrationBoundary,
  QueryClientProvider,
} from "@tanstack/react-query";
import type { ViewerOutput } from "api-worker/contracts/auth";
import { type ReactNode, useState } from "react";
import { openStorage } from "../../lib/local-storage.ts";
import { followSession } from "../../lib/session-change.ts";
import { showViewer } from "../../lib/shown-viewer.ts";
import { api, getQueryClient, trpc } from "../../lib/trpc.ts";
import { OtherViewerNotice } from "./other-viewer-notice.tsx";

interface ViewerScopeProps {
  readonly viewer: ViewerOutput;
  /** What the server has loaded for the page, beside what the pages in it load. */
  readonly dehydratedState?: DehydratedState;
  readonly children: ReactNode;
}

/** Around every page of a viewer: the API and its cache, and who the viewer is in this browser. */
export function ViewerScope({ viewer, dehydratedState, children }: ViewerScopeProps) {
  const [queryClient] = useState(getQueryClient);
  // In the first render, because components below read drafts in their first effects.
  useState(() => {
    if (typeof document === "undefined") return;
    showViewer(viewer);
    followSession(viewer);
    openStorage(viewer);
  });
  return (
    <trpc.Provider client={api} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>
        <HydrationBoundary state={dehydratedState}>
          {children}
          <OtherViewerNotice shown={viewer} />
        </HydrationBoundary>
      </QueryClientProvider>
    </trpc.Provider>
  );
}
