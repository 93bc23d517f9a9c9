/** Markdown as it was written. One element, however long the text is. */
export function PlainText({ text }: { text: string }) {
  return (
    <p dir="auto" className="whitespace-pre-wrap [unicode-bidi:plaintext]">
      {text}
    </p>
  );
}
