import { Link, useSearchParams } from "react-router";
import { classNames } from "../../ui/class-names.ts";
import { type UsageSpan, usageSpans } from "./usage-days.ts";

/** The choice of the days that a chart shows, as links. */
export function SpanChoice({ span }: { span: UsageSpan }) {
  const [search] = useSearchParams();
  // What else the address says stays.
  const addressOf = (days: UsageSpan) => {
    const changed = new URLSearchParams(search);
    changed.set("days", String(days));
    return `?${changed}`;
  };
  return (
    <nav aria-label="Period" className="flex rounded-lg border border-line p-0.5 text-sm">
      {usageSpans.map((one) => (
        <Link
          key={one}
          to={addressOf(one)}
          replace
          preventScrollReset
          aria-current={one === span ? "true" : undefined}
          className={classNames(
            "rounded-md px-3 py-1 max-md:py-2",
            one === span ? "bg-selected font-medium" : "text-muted hover:text-ink",
          )}
        >
          {one} days
        </Link>
      ))}
    </nav>
  );
}
