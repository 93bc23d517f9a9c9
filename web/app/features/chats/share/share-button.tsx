import { Share2 } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../../ui/button.tsx";
import { lazyModal } from "../../../ui/lazy-modal.tsx";

const ShareDialog = lazyModal(() => import("./share-dialog.tsx"));

/** Shown beside the messages on wide screens; on others the chat's menu has the same item. */
export function ShareButton({ chatId }: { chatId: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton
        label="Share this chat"
        onClick={() => setOpen(true)}
        className="absolute end-3 top-2 z-10 group-has-[[data-panel]]/layout:hidden max-lg:hidden print:hidden"
      >
        <Share2 aria-hidden="true" className="size-[1.125rem]" />
      </IconButton>
      {isOpen && <ShareDialog chat={{ id: chatId }} onClose={() => setOpen(false)} />}
    </>
  );
}
