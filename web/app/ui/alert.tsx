import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

/**
 * Shows an error. The live region exists from the start, empty: screen readers announce a change in
 * a region, not its arrival.
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
