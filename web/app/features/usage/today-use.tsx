import type { UsageOutput } from "api-worker/contracts/usage";
import { Link } from "react-router";
import type { Reader } from "../../lib/date-groups.ts";
import { momentText } from "../../lib/moment-text.ts";
import { numberText } from "./usage-text.ts";

type Today = UsageOutput["today"];

interface TodayUseProps {
  readonly today: Today;
  readonly reader: Reader;
  readonly isGuest: boolean;
}

/** What is left of today's limits, and when they reset. */
export function TodayUse({ today, reader, isGuest }: TodayUseProps) {
  const { messages, tokens, endsAt } = today;
  const isUsedUp = messages.left === 0 || tokens.left === 0;
  return (
    <section
      aria-labelledby="usage-today"
      className="rounded-2xl border border-line bg-raised p-5 shadow-raised sm:p-6"
    >
      <h2 id="usage-today" className="text-lg font-semibold tracking-tight">
        Used today
      </h2>
      <div className="mt-3 grid gap-4">
        <Count name="messages" count={messages} />
        {(tokens.max !== null || tokens.used > 0) && <Count name="tokens" count={tokens} />}
      </div>
      {(messages.max !== null || tokens.max !== null) && (
        <p className="mt-3 text-sm text-muted">
          Resets {momentText(endsAt, reader.nowMs, reader.timeZone)}.
        </p>
      )}
      {isGuest && (
        <p className="mt-2 text-sm">
          {isUsedUp ? "Want to keep chatting? " : "Need more? "}
          <Link
            to="/signup"
            reloadDocument
            className="font-medium text-accent underline underline-offset-2"
          >
            Sign up
          </Link>{" "}
          for a higher limit. Your chats come with you.
        </p>
      )}
    </section>
  );
}

function Count({ name, count }: { name: string; count: Today["messages"] }) {
  const { used, max, left } = count;
  if (max === null || left === null) {
    return (
      <p>
        <strong className="font-semibold tabular-nums">{numberText(used)}</strong> {name} used. No
        limit.
      </p>
    );
  }
  return (
    <div>
      <p>
        <strong className="font-semibold tabular-nums">{numberText(left)}</strong>
        {` of ${numberText(max)} ${name} left`}
      </p>
      <progress
        aria-label={`${name} used today`}
        value={Math.min(used, max)}
        max={max}
        className="meter mt-2 block w-full"
      />
    </div>
  );
}
