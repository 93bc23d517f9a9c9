import { Paperclip } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";

interface DropZoneProps {
  readonly onFiles: (files: File[]) => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** An area that accepts dropped files, with an overlay while files are dragged over it. */
export function DropZone({ onFiles, className, children }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  // Dragging across child elements fires an enter and a leave for each of them.
  const depth = useRef(0);
  useEffect(keepPage, []);
  const end = () => {
    depth.current = 0;
    setOver(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button "Attach files" does the same for keys.
    <div
      className={className}
      onDragEnter={(event) => {
        if (!hasFiles(event.dataTransfer)) return;
        event.preventDefault();
        depth.current += 1;
        setOver(true);
      }}
      onDragOver={(event) => {
        if (hasFiles(event.dataTransfer)) event.preventDefault();
      }}
      onDragLeave={(event) => {
        if (!hasFiles(event.dataTransfer)) return;
        depth.current -= 1;
        if (depth.current <= 0) end();
      }}
      onDrop={(event) => {
        if (!hasFiles(event.dataTransfer)) return;
        event.preventDefault();
        end();
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {isOver && (
        <div className="pointer-events-none absolute inset-2 z-20 grid place-items-center rounded-3xl border-2 border-dashed border-accent bg-canvas/85">
          <p className="flex items-center gap-2.5 text-lg font-medium">
            <Paperclip size={20} aria-hidden className="text-accent" />
            Drop files to attach them
          </p>
        </div>
      )}
    </div>
  );
}

function hasFiles(transfer: DataTransfer): boolean {
  return transfer.types.includes("Files");
}

/** Keeps the browser from opening a file that is dropped outside the area. */
function keepPage(): () => void {
  const refuse = (event: DragEvent) => {
    if (event.dataTransfer && hasFiles(event.dataTransfer)) event.preventDefault();
  };
  window.addEventListener("dragover", refuse);
  window.addEventListener("drop", refuse);
  return () => {
    window.removeEventListener("dragover", refuse);
    window.removeEventListener("drop", refuse);
  };
}
