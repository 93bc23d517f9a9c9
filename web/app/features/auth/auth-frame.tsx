import type { ReactNode } from "react";
import { Logo } from "../../ui/logo.tsx";

/** The card in the middle of a page for visitors: logging in, signing up, a new password. */
export function AuthFrame({
  title,
  lead,
  children,
}: {
  title: string;
  lead: string;
  children: ReactNode;
}) {
  return (
    <main className="grid min-h-dvh place-items-center bg-surface px-5 py-10">
      <div className="w-full max-w-[25rem]">
        <div className="mb-8 flex justify-center">
          <Logo className="size-9" />
        </div>
        <div className="rounded-2xl border border-line bg-raised p-6 shadow-raised sm:p-8">
          <h1 className="text-[1.375rem] font-semibold tracking-tight">{title}</h1>
          <p className="mt-1 mb-6 text-muted">{lead}</p>
          {children}
        </div>
      </div>
    </main>
  );
}
