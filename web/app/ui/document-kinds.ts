import type { DocumentKind } from "api-worker/contracts/documents";
import { CodeXml, FileText, Image, type LucideIcon, Table2 } from "lucide-react";

/** How lists and cards show each kind of document. */
export const kindIcons: Readonly<Record<DocumentKind, LucideIcon>> = {
  text: FileText,
  code: CodeXml,
  sheet: Table2,
  image: Image,
};
export const kindNames: Readonly<Record<DocumentKind, string>> = {
  text: "Text",
  code: "Code",
  sheet: "Sheet",
  image: "Picture",
};
