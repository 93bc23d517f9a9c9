import { useEffect } from "react";
import { useStore } from "../../lib/store.ts";
import { api, getQueryUtils } from "../../lib/trpc.ts";
import { ImportRun, type ImportState } from "./import-run.ts";

const idle: ImportState = { kind: "idle" };

/** The import of this browser tab. */
const run = new ImportRun({
  send: (input) => api.chats.import.mutate(input),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  onImported: () => {
    void getQueryUtils().chats.list.invalidate();
    void getQueryUtils().documents.list.invalidate();
  },
});

/** The import and its state. Leaving the site during an import asks for confirmation. */
export function useImport(): { readonly run: ImportRun; readonly state: ImportState } {
  const state = useStore(run.store, (current) => current, idle);
  const { isBusy } = run;
  useEffect(() => {
    if (!isBusy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isBusy]);
  return { run, state };
}
