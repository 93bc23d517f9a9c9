/** A formula as it was written, with its delimiters, which are copied with it. */
export function FormulaSource({ source }: { readonly source: string }) {
  return (
    <code dir="ltr" className="whitespace-pre-wrap">
      {source}
    </code>
  );
}
