import { numberText } from "../../usage/usage-text.ts";
import { modelText } from "../frame/model-text.ts";
import { Cell, HeadCell, Table } from "../frame/table.tsx";
import type { ModelVotes } from "./vote-series.ts";

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

/** The votes of each model, with the share of good answers. */
export function ModelVotesTable({ votes }: { votes: readonly ModelVotes[] }) {
  if (votes.length === 0) return null;
  return (
    <div className="mt-6">
      <Table
        caption="Votes by model"
        head={
          <>
            <HeadCell>Model</HeadCell>
            <HeadCell isNumber>Good</HeadCell>
            <HeadCell isNumber>Bad</HeadCell>
            <HeadCell isNumber>Share of good</HeadCell>
          </>
        }
      >
        {votes.map(({ modelId, up, down }) => (
          <tr key={modelId}>
            <Cell className="wrap-anywhere">{modelText(modelId)}</Cell>
            <Cell isNumber>{numberText(up)}</Cell>
            <Cell isNumber>{numberText(down)}</Cell>
            <Cell isNumber>{percent.format(up / (up + down))}</Cell>
          </tr>
        ))}
      </Table>
    </div>
  );
}
