import { errorText } from "../lib/error-text.ts";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";

interface LoadFailureProps {
  readonly error: unknown;
  readonly isPending?: boolean;
  readonly onRetry: () => void;
  readonly className?: string | undefined;
}

/** Replaces content that could not be loaded: the reason, and a button to try again. */
export function LoadFailure({ error, isPending = false, onRetry, className }: LoadFailureProps) {
  return (
    <div role="alert" className={classNames("grid justify-items-start gap-3", className)}>
      <p className="text-muted">{errorText(error)}</p>
      <Button onClick={onRetry} isPending={isPending}>
        Try again
      </Button>
    </div>
  );
}

interface QueryFailureProps {
  readonly query: {
    readonly error: unknown;
    readonly isFetching: boolean;
    readonly refetch: () => unknown;
  };
  readonly className?: string;
}

/** Replaces content whose query failed. */
export function QueryFailure({ query, className }: QueryFailureProps) {
  const { error, isFetching, refetch } = query;
  return (
    <LoadFailure
      error={error}
      isPending={isFetching}
      onRetry={() => void refetch()}
      className={className}
    />
  );
}

interface LoadingLinesProps {
  /** The name of the loading content, for screen readers. */
  readonly label: string;
  /** The width of each line in percent, all different. */
  readonly widths: readonly number[];
  readonly className?: string;
}

/** Replaces a list that is loading by lines about as long as its entries. */
export function LoadingLines({ label, widths, className }: LoadingLinesProps) {
  return (
    <div role="status" className={classNames("grid gap-3", className)}>
      <span className="sr-only">{label}</span>
      {widths.map((width) => (
        <div
          key={width}
          className="h-4 animate-pulse rounded bg-hover"
          style={{ width: `${width}%` }}
        />
      ))}
    </div>
  );
}
