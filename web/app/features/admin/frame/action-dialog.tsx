import { type FormEvent, type ReactNode, useId } from "react";
import { readError } from "../../../lib/error-text.ts";
import { Alert } from "../../../ui/alert.tsx";
import { Button } from "../../../ui/button.tsx";
import { Modal } from "../../../ui/modal.tsx";
import { TextField } from "../../../ui/text-field.tsx";

interface ActionDialogProps {
  readonly title: string;
  /** The confirming button's label: the action, not "OK". */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** Whether the action needs a reason. */
  readonly needsReason?: boolean;
  /** The mutation that the action runs. */
  readonly mutation: { readonly isPending: boolean; readonly error: unknown };
  /** @param form its field `reason` is filled in or empty */
  readonly onSubmit: (reason: string | undefined, form: FormData) => void;
  readonly onClose: () => void;
  /** What the action does. */
  readonly text: ReactNode;
  /** More fields of the form. */
  readonly children?: ReactNode;
}

/** Asks for confirmation of an action, and for its reason, which the audit log keeps. */
export function ActionDialog(props: ActionDialogProps) {
  const {
    title,
    action,
    isDangerous = false,
    needsReason = false,
    mutation,
    onSubmit,
    onClose,
    text,
    children,
  } = props;
  const textId = useId();
  const refusal = mutation.error ? readError(mutation.error) : null;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (mutation.isPending) return;
    const form = new FormData(event.currentTarget);
    const reason = String(form.get("reason")).trim();
    onSubmit(reason === "" ? undefined : reason, form);
  }

  return (
    <Modal
      title={title}
      describedBy={textId}
      isLocked={mutation.isPending}
      closesOnBackdrop={false}
      onClose={onClose}
      className="max-w-md"
    >
      <p id={textId} className="mt-1.5 text-muted text-pretty">
        {text}
      </p>
      <form onSubmit={submit} noValidate className="mt-4 grid gap-4">
        {children}
        <TextField
          label="Reason"
          name="reason"
          maxLength={500}
          autoComplete="off"
          required={needsReason}
          hint={needsReason ? undefined : "Optional. It is kept in the audit log."}
          error={refusal?.fields.reason}
        />
        <div>
          <Alert>{refusal && Object.keys(refusal.fields).length === 0 ? refusal.text : null}</Alert>
          <div className="flex justify-end gap-3">
            <Button onClick={onClose} disabled={mutation.isPending}>
              Cancel
            </Button>
            <Button
              type="submit"
              look={isDangerous ? "danger" : "primary"}
              isPending={mutation.isPending}
            >
              {action}
            </Button>
          </div>
        </div>
      </form>
    </Modal>
  );
}
