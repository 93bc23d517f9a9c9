import { limits } from "api-worker/contracts/limits";
import { ArrowUp, Square, X } from "lucide-react";
import {
  type ClipboardEvent,
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useState,
} from "react";
import { inFrontOf } from "../../../lib/draft.ts";
import { isSendKey, useEnterKey } from "../../../lib/enter-key.ts";
import { ignoringComposition } from "../../../lib/keyboard.ts";
import { isWorthShortening, lengthText, longPasteOf } from "../../../lib/long-paste.ts";
import { Button } from "../../../ui/button.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { GrowingTextarea } from "../../../ui/growing-textarea.tsx";
import { Spinner } from "../../../ui/spinner.tsx";
import { AttachButton } from "../../uploads/draft/attach-button.tsx";
import { DraftFileList } from "../../uploads/draft/draft-file-list.tsx";
import type { DraftUploads } from "../../uploads/draft/use-draft-uploads.ts";
import { CommandList } from "../commands/command-list.tsx";
import type { useCommands } from "../commands/use-commands.ts";
import { LongTextNotice } from "./long-text-notice.tsx";
import type { LongPaste } from "./use-long-paste.ts";

/** Share of the length limit from which the remaining length is shown. */
const counterFrom = 0.9;

interface ComposerProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onSend: () => void;
  readonly onStop: () => void;
  /** The files attached to the message. */
  readonly uploads: DraftUploads;
  /** A pasted text that is too long for the message box. */
  readonly longPaste: LongPaste;
  /** Whether the message waits for its files and is sent once they are uploaded. */
  readonly isWaiting: boolean;
  readonly onCancelWaiting: () => void;
  /** Whether an answer is being written, which turns the button into a stop button. */
  readonly isAnswering: boolean;
  readonly isStopping: boolean;
  /** Why the last action failed. */
  readonly problem: ReactNode;
  readonly textboxRef: RefObject<HTMLTextAreaElement | null>;
  /** Slash commands that match the text. */
  readonly commands: ReturnType<typeof useCommands>;
  /** Opens the last message for editing. */
  readonly onEditLast: () => void;
  /** Shown at the left of the button row. */
  readonly children?: ReactNode;
}

/** The message box. Grows with its text, up to a limit. */
export function Composer({ text, onChange, onSend, textboxRef, problem, ...props }: ComposerProps) {
  const { commands, onEditLast, uploads, longPaste } = props;
  const hasCommands = commands.list.commands.length > 0;
  const id = useId();
  const enterKey = useEnterKey();
  const isTooLong = text.length > limits.messageTextMaxLength;
  // Counts the attempts to send a text that is too long. Each attempt announces the reason again.
  const [refusals, setRefusals] = useState(0);
  const hasContent = text.trim() !== "" || uploads.files.length > 0;
  const isRefused = isTooLong || longPaste.text !== "";
  const canSend = hasContent && !isRefused && !props.isAnswering && !props.isWaiting;

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (canSend) onSend();
    else if (isRefused) setRefusals(refusals + 1);
    textboxRef.current?.focus();
  };
  const clearPaste = () => {
    longPaste.clear();
    focusOnDesktop(textboxRef);
  };
  const onPaste = (event: ClipboardEvent) => {
    const { files, types } = event.clipboardData;
    // Tables and pages are copied as text and as a picture: paste the text. When a file is copied,
    // macOS adds its name as text too, but no HTML.
    const isFromPage = types.includes("text/plain") && types.includes("text/html");
    if (files.length > 0 && !isFromPage) {
      event.preventDefault();
      uploads.add([...files]);
      return;
    }
    const tooLong = longPasteOf(event);
    if (tooLong === null) return;
    event.preventDefault();
    longPaste.add(tooLong);
  };
  const onKeyDown = ignoringComposition((event: KeyboardEvent) => {
    if (commands.takeKey(event)) return;
    if (event.key === "ArrowUp" && text === "" && !event.shiftKey) {
      event.preventDefault();
      onEditLast();
      return;
    }
    if (!isSendKey(event)) return;
    event.preventDefault();
    submit();
  });

  return (
    <form onSubmit={submit} className="mx-auto w-full max-w-3xl">
      <p role="alert" id={`${id}-problem`} className="text-sm text-danger">
        {problem && <span className="block px-4 pb-2">{problem}</span>}
      </p>
      <div
        className={classNames(
          "relative rounded-3xl border bg-raised shadow-raised transition-colors",
          "has-[textarea:focus-visible]:border-accent",
          isTooLong ? "border-danger" : "border-line-strong/60",
        )}
      >
        {hasCommands && <CommandList {...commands.list} />}
        <DraftFileList uploads={uploads} />
        {longPaste.text !== "" && (
          <LongTextNotice
            text={longPaste.text}
            reason={`The text you pasted is too long to send: ${lengthText(longPaste.text)}.`}
            uploads={uploads}
            refusals={refusals}
            onAttached={clearPaste}
          >
            {isWorthShortening(longPaste.text) && (
              <Button
                isSmall
                onClick={() => {
                  onChange(inFrontOf(longPaste.text, text));
                  clearPaste();
                }}
              >
                Insert anyway
              </Button>
            )}
            <Button isSmall look="quiet" onClick={clearPaste}>
              Discard
            </Button>
          </LongTextNotice>
        )}
        {isTooLong && (
          <LongTextNotice
            text={text}
            reason="This message is too long to send. Shorten it, or attach it as a text file."
            uploads={uploads}
            refusals={refusals}
            onAttached={() => {
              onChange("");
              focusOnDesktop(textboxRef);
            }}
          />
        )}
        <label htmlFor={id} className="sr-only">
          Message
        </label>
        <GrowingTextarea
          id={id}
          ref={textboxRef}
          value={text}
          onText={onChange}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          placeholder="Ask anything"
          aria-autocomplete="list"
          aria-controls={hasCommands ? commands.list.id : undefined}
          aria-activedescendant={commands.activeId}
          aria-describedby={`${id}-problem ${id}-counter`}
          aria-invalid={isTooLong || undefined}
          enterKeyHint={enterKey === "send" ? "send" : "enter"}
          boxClassName="max-h-56 *:px-5 *:pt-4 *:pb-0.5"
        />
        <div className="flex items-center gap-2 px-2.5 pt-1 pb-2.5">
          <AttachButton
            onFiles={(files) => {
              uploads.add(files);
              focusOnDesktop(textboxRef);
            }}
          />
          <div className="min-w-0 flex-1">{props.children}</div>
          <Counter id={`${id}-counter`} text={text} />
          {props.isAnswering ? (
            <StopButton onStop={props.onStop} isStopping={props.isStopping} />
          ) : props.isWaiting ? (
            <WaitingButton onCancel={props.onCancelWaiting} />
          ) : (
            <RoundButton type="submit" label="Send message" isActive={canSend}>
              <ArrowUp size={20} aria-hidden />
            </RoundButton>
          )}
        </div>
      </div>
    </form>
  );
}

function StopButton({ onStop, isStopping }: { onStop: () => void; isStopping: boolean }) {
  return (
    <RoundButton
      type="button"
      label="Stop generating"
      isActive={!isStopping}
      // Ignores the second click of a double click on "Send message".
      onClick={(event) => event.detail < 2 && onStop()}
    >
      <Square size={14} fill="currentColor" aria-hidden />
    </RoundButton>
  );
}

/** Shown while a message waits for its files; clicking it cancels sending. */
function WaitingButton({ onCancel }: { onCancel: () => void }) {
  return (
    <>
      <span role="status" className="text-sm text-muted max-sm:sr-only">
        Sending when the upload finishes
      </span>
      <RoundButton
        type="button"
        label="Don’t send yet"
        isActive
        onClick={(event) => event.detail < 2 && onCancel()}
      >
        <span className="group-hover/round:hidden">
          <Spinner />
        </span>
        <X size={18} aria-hidden className="hidden group-hover/round:block" />
      </RoundButton>
    </>
  );
}

function RoundButton({
  type,
  label,
  isActive,
  onClick,
  children,
}: {
  type: "submit" | "button";
  label: string;
  isActive: boolean;
  onClick?: (event: { detail: number }) => void;
  children: ReactNode;
}) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      // Not `disabled`, which would drop the focus.
      aria-disabled={!isActive || undefined}
      onClick={onClick}
      className={classNames(
        "group/round inline-flex size-10 shrink-0 items-center justify-center rounded-full transition-colors",
        isActive
          ? "bg-accent text-on-accent hover:bg-accent-hover"
          : "cursor-default bg-selected text-muted",
      )}
    >
      {children}
    </button>
  );
}

function Counter({ id, text }: { id: string; text: string }) {
  const max = limits.messageTextMaxLength;
  const isTooLong = text.length > max;
  return (
    <span
      id={id}
      role="status"
      className={classNames("text-xs tabular-nums", isTooLong ? "text-danger" : "text-muted")}
    >
      {text.length >= max * counterFrom && lengthText(text)}
    </span>
  );
}

/** Focuses the message box on devices where that opens no on-screen keyboard. */
export function focusOnDesktop(textboxRef: RefObject<HTMLTextAreaElement | null>): void {
  if (matchMedia("(pointer: fine)").matches) textboxRef.current?.focus({ preventScroll: true });
}

/** Calls {@link focusOnDesktop} when the page has loaded. */
export function useFocusOnDesktop(textboxRef: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => focusOnDesktop(textboxRef), [textboxRef]);
}
