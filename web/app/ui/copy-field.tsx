import { CopyButton } from "./copy-button.tsx";

interface CopyFieldProps {
  readonly text: string;
  /** What the button does: "Copy link". */
  readonly label: string;
}

/** A secret or a link that is shown once, to be copied. */
export function CopyField({ text, label }: CopyFieldProps) {
  return (
    <div className="mt-4 flex items-center gap-1 rounded-lg border border-line bg-surface ps-3.5 pe-1">
      <code className="min-w-0 flex-1 py-2.5 font-mono text-[0.8125rem] break-all select-all">
        {text}
      </code>
      <CopyButton text={text} label={label} />
    </div>
  );
}
