import { type VoteSide, voteSides } from "api-worker/contracts/admin-votes";

export const sideNames: Record<VoteSide, string> = { up: "Good answer", down: "Bad answer" };

/** The filter of the list that an address asks for: `vote` and `model`. */
export function readVoteFilter(search: URLSearchParams): { vote?: VoteSide; modelId?: string } {
  const vote = voteSides.find((side) => side === search.get("vote"));
  const modelId = search.get("model");
  return { ...(vote && { vote }), ...(modelId && { modelId: modelId.slice(0, 200) }) };
}
