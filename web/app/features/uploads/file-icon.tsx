import { File, FileBraces, FileImage, FileSpreadsheet, FileText, FileType } from "lucide-react";

const pictures: Readonly<Record<string, typeof File>> = {
  "application/pdf": FileType,
  "application/json": FileBraces,
  "text/csv": FileSpreadsheet,
};

/** The icon of a file type. */
export function FileIcon({ mediaType, size = 18 }: { mediaType: string; size?: number }) {
  const Picture =
    pictures[mediaType] ??
    (mediaType.startsWith("image/") ? FileImage : mediaType.startsWith("text/") ? FileText : File);
  return <Picture size={size} aria-hidden className="shrink-0" />;
}
