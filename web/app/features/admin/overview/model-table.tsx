import { moneyText } from "../../../lib/money-text.ts";
import { numberText } from "../../usage/usage-text.ts";
import { modelText } from "../frame/model-text.ts";
import { Cell, HeadCell, Table } from "../frame/table.tsx";
import type { ModelUse } from "./overview-series.ts";

/** What each model has answered and used in the span. On a phone some numbers are below the name. */
export function ModelTable({ uses }: { uses: readonly ModelUse[] }) {
  if (uses.length === 0) return null;
  const hasCosts = uses.some(({ costNanos }) => costNanos > 0);
  return (
    <div className="mt-6">
      <Table
        caption="Answers, tokens and costs by model"
        head={
          <>
            <HeadCell>Model</HeadCell>
            <HeadCell isNumber isWideOnly>
              Answers
            </HeadCell>
            <HeadCell isNumber isWideOnly>
              Failed
            </HeadCell>
            <HeadCell isNumber>Tokens in</HeadCell>
            <HeadCell isNumber>Tokens out</HeadCell>
            {hasCosts && (
              <HeadCell isNumber isWideOnly>
                Cost
              </HeadCell>
            )}
          </>
        }
      >
        {uses.map(({ modelId, answers, failed, inputTokens, outputTokens, costNanos }) => (
          <tr key={modelId} className="align-top">
            <Cell className="wrap-anywhere">
              {modelText(modelId)}
              <span className="mt-0.5 block text-xs text-muted md:hidden">
                {`${numberText(answers)} answers, ${numberText(failed)} failed`}
                {hasCosts && `, ${moneyText(costNanos)}`}
              </span>
            </Cell>
            <Cell isNumber isWideOnly>
              {numberText(answers)}
            </Cell>
            <Cell isNumber isWideOnly>
              {numberText(failed)}
            </Cell>
            <Cell isNumber>{numberText(inputTokens)}</Cell>
            <Cell isNumber>{numberText(outputTokens)}</Cell>
            {hasCosts && (
              <Cell isNumber isWideOnly>
                {moneyText(costNanos)}
              </Cell>
            )}
          </tr>
        ))}
      </Table>
    </div>
  );
}
