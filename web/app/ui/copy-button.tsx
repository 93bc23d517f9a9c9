import { Check, Copy, X } from "lucide-react";
import { type MouseEvent, useEffect, useState } from "react";
import { writeClipboard } from "../lib/clipboard.ts";
import { IconButton } from "./button.tsx";

/** How long the button shows the result, in ms. */
const resultMs = 2_000;

/** Reads what to copy from the page around the button. */
type Reader = (button: HTMLElement) => Promise<string>;

interface CopyButtonProps {
  readonly label: string;
  readonly text?: string | Reader;
  /** The same as HTML, for programs that take it. */
  readonly html?: Reader;
  /** Copies something else than text. */
  readonly write?: () => Promise<void>;
  /** As large as the other buttons of a page's header; smaller when left out. */
  readonly isLarge?: boolean;
}

const results = {
  copied: { label: "Copied", Picture: Check },
  failed: { label: "Couldn’t copy", Picture: X },
} as const;

/** Copies to the clipboard, and says whether the browser took it. */
export function CopyButton({ label, text = "", html, write, isLarge = false }: CopyButtonProps) {
  const [result, setResult] = useState<keyof typeof results>();

  useEffect(() => {
    if (!result) return;
    const timer = setTimeout(() => setResult(undefined), resultMs);
    return () => clearTimeout(timer);
  }, [result]);

  const copy = async ({ currentTarget: button }: MouseEvent<HTMLElement>) => {
    try {
      if (write) await write();
      else await writeClipboard(typeof text === "string" ? text : text(button), html?.(button));
      setResult("copied");
    } catch {
      // The text can still be selected by hand.
      setResult("failed");
    }
  };

  const { label: shownLabel, Picture } = result ? results[result] : { label, Picture: Copy };
  return (
    <IconButton label={shownLabel} className={isLarge ? undefined : "size-9"} onClick={copy}>
      <Picture size={isLarge ? 18 : 16} aria-hidden />
    </IconButton>
  );
}
