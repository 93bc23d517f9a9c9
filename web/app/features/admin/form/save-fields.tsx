import { useState } from "react";
import { readError } from "../../../lib/error-text.ts";
import { Alert } from "../../../ui/alert.tsx";
import { Button } from "../../../ui/button.tsx";
import { TextField } from "../../../ui/text-field.tsx";

/** The part of a mutation that a form shows. */
export interface SaveMutation {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly reset: () => void;
}

interface SaveFieldsProps {
  readonly mutation: SaveMutation;
  /** Whether what is shown was just saved. */
  readonly isSaved: boolean;
  /** Shows what someone else has saved, in place of what was entered. */
  readonly onReload?: () => Promise<void>;
}

/** The end of a form of settings: the reason for the audit log, the button, and what came of it. */
export function SaveFields({ mutation, isSaved, onReload }: SaveFieldsProps) {
  const [isReloading, setIsReloading] = useState(false);
  const refusal = mutation.error ? readError(mutation.error) : null;

  async function reload() {
    setIsReloading(true);
    await onReload?.();
    mutation.reset();
    setIsReloading(false);
  }

  return (
    <>
      <TextField
        label="Reason"
        name="reason"
        maxLength={500}
        autoComplete="off"
        hint="Optional. It is kept in the audit log."
        error={refusal?.fields.reason}
      />
      <div>
        <Alert>{refusal && Object.keys(refusal.fields).length === 0 ? refusal.text : null}</Alert>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" look="primary" isPending={mutation.isPending}>
            Save
          </Button>
          {onReload && refusal?.errorCode === "CONFLICT" && (
            <Button onClick={() => void reload()} isPending={isReloading}>
              Load their changes
            </Button>
          )}
          <p role="status" className="text-sm text-muted">
            {isSaved && !mutation.isPending ? "Saved." : ""}
          </p>
        </div>
      </div>
    </>
  );
}

/** Reads the reason; nothing when none was entered. */
export function readReason(form: FormData): { readonly reason?: string } {
  const reason = String(form.get("reason")).trim();
  return reason === "" ? {} : { reason };
}
