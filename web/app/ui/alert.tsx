import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

/**
 * Says what went wrong. The live region stands empty from the start: screen readers announce a change in
 * one, not its arrival.
 */
export function Alert({ children }: { children: ReactNode }) {
  return (
    <div role="alert">
      {children && (
        <p className="mb-5 flex gap-2.5 rounded-lg bg-danger-soft px-3.5 py-3 text-danger">
          <CircleAlert aria-hidden="true" className="mt-0.5 size-[1.125rem] shrink-0" />
          <span>{children}</span>
        </p>
      )}
    </div>
  );
}
