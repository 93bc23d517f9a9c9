import type { Vote } from "api-worker/contracts/votes";
import { GitBranch, Info, RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "../../../ui/button.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { lazyMenu, MenuButton } from "../../../ui/menu-button.tsx";
import { VoteButtons } from "../../votes/vote-buttons.tsx";
import { messageHtml } from "../clipboard/lazy-clipboard.ts";
import { isBlank } from "../is-blank.ts";
import { type ChatMessage, messageText, needsAnother } from "../message.ts";
import { useMessageTools } from "../message-actions.ts";
import { MessageTime } from "./message-time.tsx";
import { VersionSwitch } from "./version-switch.tsx";

const RegenerateMenu = lazyMenu(() => import("./regenerate-menu.tsx"));

interface ToolbarProps {
  /**
   * The version switch is always visible. The rest shows on hover and focus, and always on devices
   * without hover.
   */
  readonly versions: readonly string[] | undefined;
  readonly messageId: string;
  readonly isAlwaysShown?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** The row of small buttons under a message. */
export function Toolbar(props: ToolbarProps) {
  const { versions, messageId, isAlwaysShown, className, children } = props;
  const tools = useMessageTools();
  return (
    <div
      className={classNames(
        "flex min-h-9 flex-wrap items-center select-none print:hidden",
        className,
      )}
    >
      {versions && tools && (
        <VersionSwitch ids={versions} shownId={messageId} onSelect={tools.actions.selectVersion} />
      )}
      <div
        className={classNames(
          "flex items-center",
          !isAlwaysShown &&
            "transition-opacity pointer-fine:opacity-0 group-focus-within/message:opacity-100 " +
              "group-hover/message:opacity-100 has-[[aria-expanded=true]]:opacity-100",
        )}
      >
        {children}
      </div>
    </div>
  );
}

interface AnswerToolbarProps {
  readonly message: ChatMessage;
  readonly versions: readonly string[] | undefined;
  readonly vote: Vote;
  readonly isLast: boolean;
}

/** Actions for an answer that has ended. */
export function AnswerToolbar({ message, versions, vote, isLast }: AnswerToolbarProps) {
  const tools = useMessageTools();
  const text = messageText(message);
  return (
    <Toolbar
      versions={versions}
      messageId={message.id}
      isAlwaysShown={isLast}
      className="-ms-2.5 -mb-3"
    >
      {text !== "" && <CopyButton text={text} html={messageHtml} label="Copy answer" />}
      {tools && (
        <>
          <VoteButtons vote={vote} onVote={(wanted) => tools.actions.vote(message.id, wanted)} />
          {/* A last answer of this kind has a larger button for the same. */}
          {!(isLast && (needsAnother(message) || isBlank(message))) && (
            <RegenerateButton message={message} />
          )}
          <IconButton
            label="Fork into a new chat"
            className="size-9 max-md:size-10"
            onClick={() => tools.actions.fork(message.id)}
          >
            <GitBranch size={16} aria-hidden />
          </IconButton>
          <IconButton
            label="Message details"
            className="size-9 max-md:size-10"
            onClick={() => tools.actions.showDetails(message.id)}
            onPointerEnter={tools.actions.preloadDetails}
            onFocus={tools.actions.preloadDetails}
          >
            <Info size={16} aria-hidden />
          </IconButton>
        </>
      )}
      <MessageTime atMs={message.metadata?.createdAt} />
    </Toolbar>
  );
}

function RegenerateButton({ message }: { message: ChatMessage }) {
  const tools = useMessageTools();
  if (!tools) return null;
  const { actions, models } = tools;
  const look = "size-9 max-md:size-10";
  const picture = <RefreshCw size={16} aria-hidden className="mx-auto" />;
  if (models.length < 2) {
    return (
      <IconButton label="Try again" className={look} onClick={() => actions.regenerate(message.id)}>
        {picture}
      </IconButton>
    );
  }
  return (
    <MenuButton
      label="Try again"
      menu={RegenerateMenu}
      menuProps={{
        models,
        modelId: message.metadata?.modelId,
        onRegenerate: (modelId) => actions.regenerate(message.id, modelId),
      }}
      className={classNames(look, "rounded-lg text-muted hover:text-ink")}
    >
      {picture}
    </MenuButton>
  );
}
