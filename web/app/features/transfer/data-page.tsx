import { ExportSection } from "./export-section.tsx";
import { ImportSection } from "./import-section.tsx";

/** Export and import of the viewer's chats. */
export function DataPage({ isGuest }: { isGuest: boolean }) {
  return (
    <>
      <header>
        <h1 className="text-2xl font-semibold tracking-tight">Import and export</h1>
        <p className="mt-1.5 text-muted text-pretty">
          Export your chats to a file, or import chats from elsewhere.
        </p>
        {isGuest && (
          <p className="mt-1.5 text-muted text-pretty">
            Guest chats are deleted after a period of inactivity. Export them or sign up to keep
            them.
          </p>
        )}
      </header>
      <ExportSection />
      <ImportSection />
    </>
  );
}
