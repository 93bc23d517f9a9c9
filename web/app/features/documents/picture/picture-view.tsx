import { parsePicture } from "api-worker/contracts/pictures";
import { ShownPicture } from "./shown-picture.tsx";

interface PictureViewProps {
  readonly content: string;
  readonly title: string;
}

/** A picture with what was asked for, oldest first. */
export default function PictureView({ content, title }: PictureViewProps) {
  const prompts = parsePicture(content)?.prompts ?? [];
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid w-full max-w-3xl justify-items-center gap-6 px-6 py-6">
        <ShownPicture content={content} alt={`${title}. ${prompts.at(-1) ?? ""}`} />
        {prompts.length > 0 && (
          <section aria-label="Prompts" className="w-full">
            <p className="text-sm font-medium text-muted">
              {prompts.length === 1 ? "Prompt" : "Prompts"}
            </p>
            <ol className="mt-2 space-y-2">
              {prompts.map((prompt, index) => (
                <li key={index} className="flex gap-3">
                  {prompts.length > 1 && (
                    <span className="min-w-4 text-end text-muted tabular-nums">{index + 1}</span>
                  )}
                  <span dir="auto" className="min-w-0 flex-1 wrap-anywhere whitespace-pre-wrap">
                    {prompt}
                  </span>
                </li>
              ))}
            </ol>
          </section>
        )}
      </div>
    </div>
  );
}
