import { ExportSection } from "./export-section.tsx";
import { ImportSection } from "./import-section.tsx";

/** Export and import of the viewer's chats. */
export function DataPage({ isGuest }: { isGuest: boolean }) {
  return (
    <>
      <header>
        <h1 className="text-2xl font-semibold tracking-tight">Import and export</h1>
        <p className="mt-1.5 text-muted text-pretty">
          Your chats are yours: take them along as a file, or bring those that you have elsewhere.
        </p>
        {isGuest && (
          <p className="mt-1.5 text-muted text-pretty">
            As a guest your chats are kept until you have not been here for 30 days. Export them, or
            sign up, to have them for longer.
          </p>
        )}
      </header>
      <ExportSection />
      <ImportSection />
    </>
  );
}
