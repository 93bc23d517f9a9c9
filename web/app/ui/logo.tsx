import { useId } from "react";

/**
 * The logo's mark: two strokes leaning on each other, with a dot between them. The same drawing as
 * public/favicon.svg.
 */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0b6b6b" />
      <path d="M16 7.2 24.4 25" stroke="#7fe0d6" strokeWidth="4.8" strokeLinecap="round" />
      <path d="M7.6 25 16 7.2" stroke="#fff" strokeWidth="4.8" strokeLinecap="round" />
      <circle cx="16" cy="23.6" r="2.7" fill="#fff" />
    </svg>
  );
}

/** The logo: mark and name, as one image named "Alleato". */
export function Logo({ className }: { className?: string }) {
  const titleId = useId();
  return (
    <span role="img" aria-labelledby={titleId} className="inline-flex items-center gap-2.5">
      <LogoMark className={className ?? "size-7"} />
      <span id={titleId} className="text-[1.0625rem] font-semibold tracking-tight">
        Alleato
      </span>
    </span>
  );
}
