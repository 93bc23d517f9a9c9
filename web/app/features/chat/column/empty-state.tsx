const suggestions = [
  { text: "What can you do?", note: "Get a short introduction" },
  { text: "Count to 50", note: "Watch an answer stream in" },
  { text: "Think about why the sky is blue", note: "See reasoning before the answer" },
  { text: "Markdown sample", note: "See tables, lists, code, and math" },
];

/** Greets the user of a new chat, with suggested questions that are sent at once. */
export function EmptyState({ onSend }: { onSend: (text: string) => void }) {
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-8 px-4 py-10 sm:px-6">
      <h1 className="text-center text-2xl text-balance font-semibold tracking-tight sm:text-3xl">
        What can I help with?
      </h1>
      <ul aria-label="Suggested questions" className="grid gap-3 sm:grid-cols-2">
        {suggestions.map(({ text, note }) => (
          <li key={text}>
            <button
              type="button"
              onClick={() => onSend(text)}
              className="flex w-full flex-col gap-0.5 rounded-2xl border border-line bg-raised px-4 py-3 text-left transition-colors hover:bg-hover"
            >
              <span className="font-medium">{text}</span>
              <span className="text-sm text-muted">{note}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
