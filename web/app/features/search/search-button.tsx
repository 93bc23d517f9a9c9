import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { hasOpenModal, ignoringComposition } from "../../lib/keyboard.ts";
import { classNames } from "../../ui/class-names.ts";
import { lazyModal } from "../../ui/lazy-modal.tsx";

const loadDialog = () => import("./search-dialog.tsx");
const SearchDialog = lazyModal(loadDialog);

/** Opens the search, as Ctrl+K or Command+K does anywhere on the page. */
export function SearchButton() {
  const [isOpen, setOpen] = useState(false);

  useEffect(() => {
    const onKeyDown = ignoringComposition((event: KeyboardEvent) => {
      const isWanted = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
      if (!isWanted || event.altKey || event.shiftKey || event.defaultPrevented) return;
      event.preventDefault();
      if (!hasOpenModal()) setOpen(true);
    });
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  return (
    <>
      <button
        type="button"
        aria-label="Search chats and documents"
        title="Search chats and documents (Ctrl K)"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        onPointerEnter={() => void loadDialog()}
        onFocus={() => void loadDialog()}
        className={classNames(
          "inline-flex size-10 shrink-0 items-center justify-center rounded-lg border border-line",
          "bg-raised shadow-raised transition-colors hover:bg-hover max-md:size-11",
        )}
      >
        <Search aria-hidden="true" className="size-[1.125rem]" />
      </button>
      {isOpen && <SearchDialog onClose={() => setOpen(false)} />}
    </>
  );
}
