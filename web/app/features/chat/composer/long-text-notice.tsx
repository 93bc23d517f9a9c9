import { limits } from "api-worker/contracts/limits";
import { FileText } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { Button } from "../../../ui/button.tsx";
import type { DraftUploads } from "../../uploads/draft/use-draft-uploads.ts";

interface LongTextNoticeProps {
  /** A text that is longer than a message may be. */
  readonly text: string;
  /** Why the text cannot be sent. */
  readonly reason: string;
  readonly uploads: DraftUploads;
  /** How often sending the text was refused. The reason is told again each time. */
  readonly refusals: number;
  /** Called once the text is stored as a file of the message. */
  readonly onAttached: () => void;
  /** Other things to do with the text. */
  readonly children?: ReactNode;
}

/** Says that a text is too long to send, and attaches it as a file instead. */
export function LongTextNotice({ text, uploads, ...props }: LongTextNoticeProps) {
  const [attached, setAttached] = useState<{ name: string; text: string } | null>(null);
  const file = attached && uploads.files.find(({ name }) => name === attached.name);
  const isUnderWay = file?.state === "waiting" || file?.state === "uploading";

  // Until the file is stored, the text is safe only in this browser.
  const finish = useEffectEvent(() => {
    if (attached?.text === text) props.onAttached();
  });
  const isStored = file?.state === "ready";
  useEffect(() => {
    if (isStored) finish();
  }, [isStored]);

  function attach() {
    const failed = file?.state === "failed" ? file : undefined;
    if (failed) uploads.remove(failed.key);
    const others = uploads.files.filter((one) => one !== failed);
    const name = unusedName(others);
    if (others.length < limits.filesPerMessageMax) setAttached({ name, text });
    // `add` reports a file over the limit.
    uploads.add([new File([text], name, { type: "text/plain" })]);
  }

  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-5 pt-3">
      <p
        key={props.refusals}
        role="alert"
        className="min-w-40 flex-1 text-sm text-danger text-pretty"
      >
        {props.reason}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Button isSmall isPending={isUnderWay} onClick={attach}>
          <FileText aria-hidden className="size-4" /> Attach as text file
        </Button>
        {props.children}
      </div>
    </div>
  );
}

/** The name of a pasted text that no other file of the message has. */
function unusedName(files: DraftUploads["files"]): string {
  const names = new Set(files.map(({ name }) => name));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? "Pasted text.txt" : `Pasted text ${number}.txt`;
    if (!names.has(name)) return name;
  }
}
