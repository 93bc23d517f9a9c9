import type { ReactNode, RefObject } from "react";
import { ModelPicker } from "../../models/model-picker.tsx";
import { StorageFullNote } from "../../storage/storage-full-note.tsx";
import type { useCommands } from "../commands/use-commands.ts";
import { Composer } from "../composer/composer.tsx";
import { DayUsedNote } from "../composer/day-used-note.tsx";
import type { OpenChat } from "../session/use-open-chat.ts";
import type { ChatDraft } from "./use-chat-draft.ts";
import type { ChatModel } from "./use-chat-model.ts";
import type { Sending } from "./use-sending.ts";

interface ChatComposerProps {
  readonly chat: OpenChat;
  readonly draft: ChatDraft;
  readonly model: ChatModel;
  readonly sending: Sending;
  readonly commands: ReturnType<typeof useCommands>;
  /** The element with the model picker's button. */
  readonly pickerRef: RefObject<HTMLDivElement | null>;
  /** Why something other than sending failed. */
  readonly problem: ReactNode;
  readonly onEditLast: () => void;
}

/** The composer of a chat, with the model picker. */
export function ChatComposer({ chat, draft, model, sending, ...props }: ChatComposerProps) {
  const { session, state, isUnderWay } = chat;
  return (
    <div className="px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6 sm:pb-5 print:hidden">
      <Composer
        text={draft.text}
        onChange={draft.setText}
        onSend={sending.sendDraft}
        onStop={() => session.stop()}
        uploads={sending.uploads}
        longPaste={draft.longPaste}
        isWaiting={sending.isWaiting}
        onCancelWaiting={sending.cancel}
        isAnswering={isUnderWay}
        isStopping={state.isStopping}
        problem={
          state.isDayUsed && state.problem ? (
            <DayUsedNote text={state.problem} />
          ) : state.isStorageFull && state.problem ? (
            <StorageFullNote text={state.problem} />
          ) : (
            (state.problem ?? props.problem)
          )
        }
        commands={props.commands}
        onEditLast={props.onEditLast}
        textboxRef={draft.textboxRef}
      >
        <div ref={props.pickerRef}>
          <ModelPicker
            models={model.models}
            modelId={model.modelId}
            hasPictures={draft.uploads.hasPictures}
            onChange={model.choose}
          />
        </div>
      </Composer>
    </div>
  );
}
