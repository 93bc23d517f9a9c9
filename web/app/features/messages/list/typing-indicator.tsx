/** Shows that an answer is on its way, before its first word. */
export function TypingIndicator() {
  return (
    <div className="flex h-6 items-center gap-1" role="img" aria-label="Waiting for the answer">
      {[0, 1, 2].map((dot) => (
        <span
          key={dot}
          className="size-1.5 animate-pulse rounded-full bg-muted"
          style={{ animationDelay: `${dot * 180}ms` }}
        />
      ))}
    </div>
  );
}
