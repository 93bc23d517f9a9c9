import type { UsageOutput } from "api-worker/contracts/usage";
import { Link } from "react-router";
import type { Reader } from "../../lib/date-groups.ts";
import { momentText } from "../../lib/moment-text.ts";
import { moneyText } from "../../lib/money-text.ts";
import { numberText } from "./usage-text.ts";

type Today = UsageOutput["today"];

interface TodayUseProps {
  readonly today: Today;
  readonly month: UsageOutput["month"];
  readonly reader: Reader;
  readonly isGuest: boolean;
  /** Whether to show what answers cost where nothing limits it. */
  readonly showsCost?: boolean;
}

/** What is left of today's limits, and when they reset. */
export function TodayUse({ today, month, reader, isGuest, showsCost = false }: TodayUseProps) {
  const { messages, tokens, cost, endsAt } = today;
  const isUsedUp = [messages, tokens, cost, month.cost].some(({ left }) => left === 0);
  const isLimited = [messages, tokens, cost].some(({ max }) => max !== null);
  const hasCost = (count: Today["cost"]) => count.max !== null || (showsCost && count.used > 0);
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
        {hasCost(cost) && <Cost span="today" count={cost} />}
      </div>
      {isLimited && (
        <p className="mt-3 text-sm text-muted">
          Resets {momentText(endsAt, reader.nowMs, reader.timeZone)}.
        </p>
      )}
      {hasCost(month.cost) && (
        <div className="mt-4 border-t border-line pt-4">
          <Cost span="this month" count={month.cost} />
          {month.cost.max !== null && (
            <p className="mt-3 text-sm text-muted">
              Resets {momentText(month.endsAt, reader.nowMs, reader.timeZone)}.
            </p>
          )}
        </div>
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

function Cost({ span, count }: { span: string; count: Today["cost"] }) {
  const { used, max, left } = count;
  if (max === null || left === null) {
    return (
      <p>
        <strong className="font-semibold tabular-nums">{moneyText(used)}</strong>
        {` used ${span}. No limit.`}
      </p>
    );
  }
  return (
    <div>
      <p>
        <strong className="font-semibold tabular-nums">{moneyText(left)}</strong>
        {` of ${moneyText(max)} left ${span}`}
      </p>
      <progress
        aria-label={`Money used ${span}`}
        value={Math.min(used, max)}
        max={max}
        className="meter mt-2 block w-full"
      />
    </div>
  );
}
