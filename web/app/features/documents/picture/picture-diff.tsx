import { ShownPicture } from "./shown-picture.tsx";

interface PictureDiffProps {
  readonly label: string;
  /** The older content; null for the first version. */
  readonly before: string | null;
  readonly after: string;
}

/** Two versions of a picture side by side; below each other where there is no room. */
export default function PictureDiff({ label, before, after }: PictureDiffProps) {
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto">
      <div
        className={`grid justify-items-center gap-6 p-6 ${before === null ? "" : "@lg:grid-cols-2"}`}
      >
        {before !== null && <Side caption="Before" content={before} label={`${label}, before`} />}
        <Side caption={before === null ? null : "After"} content={after} label={label} />
      </div>
    </div>
  );
}

interface SideProps {
  readonly caption: string | null;
  readonly content: string;
  readonly label: string;
}

function Side({ caption, content, label }: SideProps) {
  return (
    <figure className="grid min-w-0 content-start gap-2">
      {caption !== null && <figcaption className="text-sm text-muted">{caption}</figcaption>}
      <ShownPicture content={content} alt={label} />
    </figure>
  );
}
