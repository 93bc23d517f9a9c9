import type { ComponentProps, ReactNode } from "react";
import { StorageMeter } from "../storage/storage-meter.tsx";

interface StorageCardProps extends ComponentProps<typeof StorageMeter> {
  readonly children?: ReactNode;
}

/** What a user stores, with more about it below. */
export function StorageCard({ children, ...meter }: StorageCardProps) {
  return (
    <section
      aria-labelledby="usage-storage"
      className="rounded-2xl border border-line bg-raised p-5 shadow-raised sm:p-6"
    >
      <h2 id="usage-storage" className="mb-3 text-lg font-semibold tracking-tight">
        Storage
      </h2>
      <StorageMeter {...meter} />
      {children}
    </section>
  );
}
