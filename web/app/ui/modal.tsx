import { X } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  type SyntheticEvent,
  useId,
  useLayoutEffect,
  useRef,
} from "react";
import { ignoringComposition } from "../lib/keyboard.ts";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";

const places = {
  center: "m-auto w-[calc(100%-2.5rem)]",
  /** For content that grows while the user types: keeps its upper edge in place. */
  top: "mx-auto mt-[12dvh] mb-auto w-[calc(100%-1.5rem)] max-md:mt-3",
};

interface ModalFrameProps {
  /** The accessible name of a modal without a heading. */
  readonly label?: string;
  /** The id of the heading that names the modal. */
  readonly labelledBy?: string;
  readonly describedBy?: string;
  readonly place?: keyof typeof places;
  /** True while the modal must stay, because its request is under way. */
  readonly isLocked?: boolean;
  /** False for a modal whose input a stray click must not lose. */
  readonly closesOnBackdrop?: boolean;
  /** Called when the user closes the modal. The parent then unmounts it. */
  readonly onClose: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/**
 * The shell of a modal dialog: the browser's own `<dialog>`, open as long as it is mounted. The
 * browser keeps the focus inside, makes the page behind inert, and returns the focus at the end.
 */
export function ModalFrame(props: ModalFrameProps) {
  const { place = "center", isLocked = false, closesOnBackdrop = true, onClose } = props;
  const dialogRef = useRef<HTMLDialogElement>(null);
  const wasPressedOnBackdrop = useRef(false);

  // The cleanup of a layout effect runs while the dialog is still in the document. Later it could
  // not return the focus.
  useLayoutEffect(() => {
    const dialog = dialogRef.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);

  const requestClose = () => {
    if (!isLocked) onClose();
  };
  const refuseEscape = (event: KeyboardEvent) => {
    if (event.key === "Escape") event.preventDefault();
  };
  // The Escape that cancels an input method's composition must not close the dialog.
  const onKeyDown = ignoringComposition<KeyboardEvent>(
    (event) => isLocked && refuseEscape(event),
    refuseEscape,
  );
  const onCancel = (event: SyntheticEvent) => {
    // A file input's `cancel` event bubbles up to here.
    if (event.target !== event.currentTarget) return;
    event.preventDefault();
    requestClose();
  };
  const onClosed = (event: SyntheticEvent<HTMLDialogElement>) => {
    const dialog = event.currentTarget;
    if (dialog.open || !dialog.isConnected) return;
    // Android's back gesture closes a dialog like Escape. Of two in a row, Chrome lets a page
    // prevent only the first.
    if (isLocked) dialog.showModal();
    else onClose();
  };

  return (
    <dialog
      ref={dialogRef}
      aria-label={props.label}
      aria-labelledby={props.labelledBy}
      aria-describedby={props.describedBy}
      onKeyDown={onKeyDown}
      onCancel={onCancel}
      onClose={onClosed}
      // A click's target is the dialog also when the user selected text and let go outside.
      onPointerDown={(event) => {
        wasPressedOnBackdrop.current = event.target === event.currentTarget;
      }}
      onClick={(event) => {
        const isOnBackdrop = event.target === event.currentTarget && wasPressedOnBackdrop.current;
        if (isOnBackdrop && closesOnBackdrop) requestClose();
      }}
      className={classNames(
        "rounded-2xl border border-line bg-raised p-0 text-ink shadow-float backdrop:bg-scrim",
        places[place],
        props.className,
      )}
    >
      {props.children}
    </dialog>
  );
}

interface ModalProps extends Omit<ModalFrameProps, "label" | "labelledBy" | "place"> {
  /** The heading, which also names the modal. */
  readonly title: ReactNode;
  /**
   * Whether a button beside the title closes the modal; false when the content has such a button.
   */
  readonly hasCloseButton?: boolean;
}

/** A modal dialog with a heading. Open as long as it is mounted. */
export function Modal({ title, hasCloseButton = false, children, ...frame }: ModalProps) {
  const titleId = useId();
  return (
    <ModalFrame {...frame} labelledBy={titleId}>
      <div className="p-6">
        <div className="flex items-start justify-between gap-4">
          <h2 id={titleId} className="text-lg font-semibold tracking-tight wrap-anywhere">
            {title}
          </h2>
          {hasCloseButton && (
            <IconButton label="Close" onClick={frame.onClose} className="-me-2 -mt-2">
              <X size={18} aria-hidden />
            </IconButton>
          )}
        </div>
        {children}
      </div>
    </ModalFrame>
  );
}
