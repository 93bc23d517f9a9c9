import { Ellipsis, Globe } from "lucide-react";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { NavLink } from "react-router";
import { errorText } from "../../lib/error-text.ts";
import { classNames } from "../../ui/class-names.ts";
import { lazyModal } from "../../ui/lazy-modal.tsx";
import { lazyMenu, MenuButton } from "../../ui/menu-button.tsx";
import type { ExportFormat } from "../transfer/save-chats.ts";
import type { ListedChat } from "./listed-chat.ts";
import { useIsGenerating } from "./news/generating-chats.ts";
import { RenameField } from "./rename-field.tsx";
import { usePinChat } from "./use-chat-changes.ts";

const ShareDialog = lazyModal(() => import("./share/share-dialog.tsx"));
const ChatMenu = lazyMenu(() => import("./chat-menu.tsx"));

interface ChatRowProps {
  readonly chat: ListedChat;
  readonly onDelete: () => void;
}

/** A chat in the sidebar: opens it, renames it in place, or deletes it. */
export function ChatRow({ chat, onDelete }: ChatRowProps) {
  const [isRenaming, setRenaming] = useState(false);
  const [isSharing, setSharing] = useState(false);
  const pin = usePinChat();
  const isPinned = chat.pinnedAt !== null;
  const isGenerating = useIsGenerating(chat.id);
  const [problem, setProblem] = useState<string | null>(null);
  const linkRef = useRef<HTMLAnchorElement>(null);

  function stopRenaming({ hasFocus }: { hasFocus: boolean }) {
    flushSync(() => setRenaming(false));
    if (hasFocus) linkRef.current?.focus();
  }

  async function save(format: ExportFormat) {
    setProblem(null);
    try {
      const { saveChats } = await import("../transfer/save-chats.ts");
      await saveChats(chat.id, format);
    } catch (error) {
      setProblem(errorText(error));
    }
  }

  if (isRenaming) {
    return (
      <li>
        <RenameField chat={chat} onClose={stopRenaming} />
      </li>
    );
  }
  return (
    <li className="group/row relative">
      <NavLink
        ref={linkRef}
        to={`/chat/${chat.id}`}
        className={({ isActive, isPending }) =>
          classNames(
            "flex h-9 items-center rounded-lg ps-3 pe-10 transition-colors max-md:h-11",
            "focus-visible:-outline-offset-2",
            isActive ? "bg-selected font-medium" : "hover:bg-hover",
            isPending && "bg-hover",
          )
        }
      >
        <span dir="auto" className="min-w-0 flex-1 truncate" title={chat.title}>
          {chat.title}
        </span>
        {chat.visibility === "public" && (
          <Globe
            role="img"
            aria-label="public"
            aria-hidden={undefined}
            className="ms-2 size-3.5 shrink-0 text-muted"
          />
        )}
        {isGenerating && (
          <span
            role="img"
            aria-label="being answered"
            className="ms-2 size-2 shrink-0 animate-pulse rounded-full bg-accent"
          />
        )}
      </NavLink>
      <MenuButton
        label={`Options for ${chat.title}`}
        menu={ChatMenu}
        menuProps={{
          isPinned,
          onPin: () => pin.mutate({ chatId: chat.id, pinned: !isPinned }),
          onShare: () => setSharing(true),
          onRename: () => setRenaming(true),
          onExport: save,
          onDelete,
        }}
        className={classNames(
          "absolute end-0.5 top-0.5 size-8 rounded-md text-muted hover:text-ink",
          // With a mouse the button appears on hover. Touch has no hover, so there it always shows.
          "pointer-fine:opacity-0 group-hover/row:opacity-100 focus-visible:opacity-100",
          "aria-expanded:opacity-100 max-md:size-10",
        )}
      >
        <Ellipsis aria-hidden="true" className="mx-auto size-4" />
      </MenuButton>
      {problem && (
        <p role="alert" className="px-3 pt-1 pb-2 text-sm text-danger">
          {problem}
        </p>
      )}
      {isSharing && <ShareDialog chat={chat} onClose={() => setSharing(false)} />}
    </li>
  );
}
