import type { CreatedTokenOutput } from "api-worker/contracts/account";
import { TriangleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "../../ui/button.tsx";
import { CopyField } from "../../ui/copy-field.tsx";

interface CreatedTokenProps {
  readonly token: CreatedTokenOutput;
  readonly onDone: () => void;
}

/** Shows a new token's secret, which can't be shown again. */
export function CreatedToken({ token, onDone }: CreatedTokenProps) {
  const headingRef = useRef<HTMLHeadingElement>(null);
  // Takes the focus over from the form that it replaces.
  useEffect(() => headingRef.current?.focus(), []);
  return (
    <section className="rounded-2xl border border-accent bg-raised p-5 shadow-raised sm:p-6">
      <h2
        ref={headingRef}
        tabIndex={-1}
        className="text-lg font-semibold tracking-tight wrap-anywhere outline-none"
      >
        “{token.name}” is ready
      </h2>
      <p className="mt-2 flex gap-2">
        <TriangleAlert aria-hidden className="mt-0.5 size-[1.125rem] shrink-0 text-danger" />
        <span>
          Copy it now. You won’t be able to see it again. Anyone with this token can act on your
          behalf, so keep it as safe as a password.
        </span>
      </p>
      <CopyField text={token.token} label="Copy token" />
      <Button look="primary" className="mt-5" onClick={onDone}>
        Done
      </Button>
    </section>
  );
}
