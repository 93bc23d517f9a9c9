import type { SaverState, SaveStatus } from "./document-saver.ts";

const texts: Record<Exclude<SaveStatus, "failed">, string> = {
  saved: "Saved",
  unsaved: "Edited",
  saving: "Saving…",
  offline: "Can’t reach the server. Your changes are kept in this browser and will be saved.",
  conflict: "Not saved",
  deleted: "Deleted",
};

/** Says whether the content is saved. Only a problem is announced: saving happens all the time. */
export function SaveState({ state: { status, problem } }: { state: SaverState }) {
  const isProblem = status === "offline" || status === "failed";
  return (
    <p
      role={isProblem ? "alert" : undefined}
      data-save-status={status}
      className={`min-w-0 truncate text-sm ${isProblem ? "text-danger" : "text-muted"}`}
    >
      {status === "failed" ? problem : texts[status]}
    </p>
  );
}
