import { ExternalLink } from "lucide-react";
import { errorText } from "../../../lib/error-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { Alert } from "../../../ui/alert.tsx";
import { Button } from "../../../ui/button.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { LoadFailure } from "../../../ui/load-state.tsx";
import { Modal } from "../../../ui/modal.tsx";
import { Spinner } from "../../../ui/spinner.tsx";
import { useSetVisibility } from "../use-chat-changes.ts";

/** Makes a chat public, or private again. Open as long as it is mounted. */
export default function ShareDialog({
  chat: { id: chatId },
  onClose,
}: {
  chat: { readonly id: string };
  onClose: () => void;
}) {
  const chat = trpc.chats.get.useQuery({ chatId });
  const change = useSetVisibility();
  const isPublic = chat.data?.visibility === "public";
  const link = `${location.origin}/share/${chatId}`;

  return (
    <Modal
      title={
        <>
          Share “<bdi>{chat.data?.title ?? "this chat"}</bdi>”
        </>
      }
      hasCloseButton
      onClose={onClose}
      className="max-w-lg"
    >
      {chat.isPending && (
        <p role="status" className="mt-4 flex items-center gap-2 text-muted">
          <Spinner /> Loading
        </p>
      )}
      {chat.isError && (
        <LoadFailure error={chat.error} onRetry={() => void chat.refetch()} className="mt-4" />
      )}
      {chat.data && (
        <>
          <p className="mt-1.5 mb-5 text-muted text-pretty">
            {isPublic
              ? "Anyone with the link can see this conversation, including messages you add later. " +
                "Other versions, your name, and your other chats stay private."
              : "Only you can see this chat. Create a link to let others read it without an account and " +
                "continue in their own copy. No one else can change your chat."}
          </p>
          <Alert>{change.isError ? errorText(change.error) : null}</Alert>
          {isPublic && (
            <div className="mb-5 flex items-center gap-1 rounded-lg border border-line bg-surface ps-3.5 pe-1">
              <code className="min-w-0 flex-1 truncate py-2.5 font-mono text-[0.8125rem] select-all">
                {link}
              </code>
              <CopyButton text={link} label="Copy link" />
              <a
                href={link}
                target="_blank"
                rel="noreferrer"
                aria-label="Open the public page"
                title="Open the public page"
                className="inline-flex size-9 shrink-0 items-center justify-center rounded-lg text-muted hover:bg-hover hover:text-ink"
              >
                <ExternalLink size={16} aria-hidden />
              </a>
            </div>
          )}
          <div className="flex justify-end gap-3">
            {isPublic ? (
              <Button
                isPending={change.isPending}
                onClick={() => change.mutate({ chatId, visibility: "private" })}
              >
                Make private
              </Button>
            ) : (
              <Button
                look="primary"
                isPending={change.isPending}
                onClick={() => change.mutate({ chatId, visibility: "public" })}
              >
                Create link
              </Button>
            )}
          </div>
        </>
      )}
    </Modal>
  );
}
