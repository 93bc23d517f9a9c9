const suggestions = [
  { title: "Show me around", text: "What is this, and what can it do?" },
  { title: "Count to 50", text: "Count to 50" },
  { title: "Think something through", text: "Think about why the sky is blue" },
  { title: "See a markdown sample", text: "Markdown sample" },
];

/** What a new chat shows: a greeting, and questions that are sent at once. */
export function EmptyState({ onSend }: { onSend: (text: string) => void }) {
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-8 px-4 py-10 sm:px-6">
      <h1 className="text-center text-2xl font-semibold tracking-tight sm:text-3xl">
        What would you like to know?
      </h1>
      <ul aria-label="Suggested questions" className="grid gap-3 sm:grid-cols-2">
        {suggestions.map(({ title, text }) => (
          <li key={title}>
            <button
              type="button"
              onClick={() => onSend(text)}
              className="flex w-full flex-col gap-0.5 rounded-2xl border border-line bg-raised px-4 py-3 text-left transition-colors hover:bg-hover"
            >
              <span className="font-medium">{title}</span>
              <span className="text-sm text-muted">{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
