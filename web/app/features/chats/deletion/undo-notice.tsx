import { X } from "lucide-react";
import { useNavigate } from "react-router";
import { IconButton } from "../../../ui/button.tsx";
import { pendingDeletions, usePendingDeletions } from "./pending-deletions.ts";

/** Offers to undo a deletion while that is possible, or shows why it failed. */
export function UndoNotice() {
  const last = usePendingDeletions().at(-1);
  const navigate = useNavigate();

  function undo() {
    if (!last) return;
    pendingDeletions.undo(last.chat.id);
    if (last.wasOpen) navigate(`/chat/${last.chat.id}`);
  }

  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-24 z-50 flex justify-center px-4"
    >
      {last && (
        <div
          key={last.chat.id}
          className={
            "pointer-events-auto flex max-w-[30rem] items-center gap-1 rounded-xl border " +
            "border-line bg-raised py-1.5 ps-4 pe-1.5 shadow-float"
          }
        >
          <p className="min-w-0 flex-1">
            {last.problem === null ? (
              <span className="line-clamp-1 wrap-anywhere">
                “<bdi>{last.chat.title}</bdi>” deleted
              </span>
            ) : (
              <>Couldn’t delete: {last.problem}</>
            )}
          </p>
          {last.problem === null ? (
            <button
              type="button"
              onClick={undo}
              className="min-h-10 rounded-lg px-3 font-medium text-accent hover:bg-hover"
            >
              Undo
            </button>
          ) : (
            <IconButton label="Close" onClick={() => pendingDeletions.undo(last.chat.id)}>
              <X aria-hidden="true" className="size-4" />
            </IconButton>
          )}
        </div>
      )}
    </div>
  );
}
