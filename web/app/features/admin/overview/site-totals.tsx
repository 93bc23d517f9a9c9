import type { OverviewOutput, SiteDayOutput } from "api-worker/contracts/admin-stats";
import { Link } from "react-router";
import { byteText } from "../../../lib/byte-text.ts";
import { numberText } from "../../usage/usage-text.ts";

/** What the site holds now, and what came in the span. */
export function SiteTotals({ overview }: { overview: OverviewOutput }) {
  const { now, days } = overview;
  const came = (read: (day: SiteDayOutput) => number) => {
    const count = days.reduce((sum, day) => sum + read(day), 0);
    return `${numberText(count)} new in ${days.length} days`;
  };
  return (
    <dl className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-3">
      <Total name="Accounts" to="/admin/users" note={came((day) => day.newAccounts)}>
        {numberText(now.accounts)}
      </Total>
      <Total name="Guests" to="/admin/users?show=guests" note={came((day) => day.newGuests)}>
        {numberText(now.guests)}
      </Total>
      <Total name="Live answers" to="/admin/streams" note="being written now">
        {numberText(now.liveAnswers)}
      </Total>
      <Total name="Chats" to="/admin/chats" note={came((day) => day.newChats)}>
        {numberText(now.chats)}
      </Total>
      <Total name="Messages" note={came((day) => day.newMessages)}>
        {numberText(now.messages)}
      </Total>
      <Total
        name="Storage"
        note={`${byteText(now.textBytes)} of text, ${byteText(now.fileBytes + now.streamBytes)} of files and streams`}
      >
        {byteText(now.textBytes + now.fileBytes + now.streamBytes)}
      </Total>
    </dl>
  );
}

interface TotalProps {
  readonly name: string;
  /** The page that lists what is counted. */
  readonly to?: string;
  readonly note: string;
  readonly children: string;
}

function Total({ name, to, note, children }: TotalProps) {
  return (
    <div className="min-w-0 rounded-2xl border border-line bg-raised p-4 shadow-raised">
      <dt className="text-sm text-muted">
        {to === undefined ? (
          name
        ) : (
          <Link to={to} className="underline underline-offset-2 hover:text-ink">
            {name}
          </Link>
        )}
      </dt>
      <dd className="mt-1">
        <span className="block text-2xl font-semibold tracking-tight tabular-nums">{children}</span>
        <span className="mt-0.5 block text-xs text-muted">{note}</span>
      </dd>
    </div>
  );
}
