import { useId } from "react";

/** The box "tokens" of a form that ends sessions, with which it ends the API tokens too. */
export function TokenChoice() {
  const id = useId();
  return (
    <div className="flex gap-3">
      <input
        type="checkbox"
        name="tokens"
        id={id}
        aria-describedby={`${id}-note`}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="cursor-pointer">
          Also revoke all API tokens
        </label>
        <p id={`${id}-note`} className="text-sm text-muted">
          Programs that use them will stop working.
        </p>
      </div>
    </div>
  );
}
