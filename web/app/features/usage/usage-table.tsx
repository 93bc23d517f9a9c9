import type { UsageOutput } from "api-worker/contracts/usage";
import { moneyText } from "../../lib/money-text.ts";
import { dayText, numberText } from "./usage-text.ts";

interface UsageTableProps {
  readonly items: UsageOutput["items"];
  /** Whether to say what answers have cost. */
  readonly showsCost?: boolean | undefined;
}

/** The numbers of the chart, newest day first. */
export function UsageTable({ items, showsCost = false }: UsageTableProps) {
  const sum = {
    answers: items.reduce((total, { answers }) => total + answers, 0),
    inputTokens: items.reduce((total, { inputTokens }) => total + inputTokens, 0),
    outputTokens: items.reduce((total, { outputTokens }) => total + outputTokens, 0),
    costNanos: items.reduce((total, { costNanos }) => total + costNanos, 0),
  };
  const names = ["Answers", "Tokens in", "Tokens out", ...(showsCost ? ["Cost"] : [])];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
    <section aria-label="Tokens by day and model" tabIndex={0} className="overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">Tokens by day (UTC) and model, newest first</caption>
        <thead>
          <tr className="border-b border-line-strong/60 text-muted">
            <th scope="col" className="py-2 pe-4 text-start font-medium">
              Day (UTC)
            </th>
            <th scope="col" className="py-2 pe-4 text-start font-medium">
              Model
            </th>
            {names.map((name) => (
              <th
                key={name}
                scope="col"
                className="py-2 ps-4 text-end font-medium whitespace-nowrap"
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map(({ day, modelId, ...counts }) => (
            <tr key={`${day} ${modelId}`} className="border-b border-line">
              <th scope="row" className="py-2 pe-4 text-start font-normal whitespace-nowrap">
                {dayText(day)}
              </th>
              <td className="py-2 pe-4">{modelId}</td>
              <Counts {...counts} showsCost={showsCost} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="font-medium">
            <th scope="row" colSpan={2} className="py-2 pe-4 text-start font-medium">
              Total
            </th>
            <Counts {...sum} showsCost={showsCost} />
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

interface CountsProps extends Omit<UsageOutput["items"][number], "day" | "modelId"> {
  readonly showsCost: boolean;
}

function Counts({ answers, inputTokens, outputTokens, costNanos, showsCost }: CountsProps) {
  const counts = [answers, inputTokens, outputTokens].map((count) => numberText(count));
  const texts = showsCost ? [...counts, moneyText(costNanos)] : counts;
  return texts.map((text, place) => (
    <td key={place} className="py-2 ps-4 text-end tabular-nums whitespace-nowrap">
      {text}
    </td>
  ));
}
