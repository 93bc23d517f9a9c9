import type { AdminVoteOutput } from "api-worker/contracts/admin-votes";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import type { Reader } from "../../../lib/date-groups.ts";
import { timeText } from "../../../lib/date-text.ts";
import { Button } from "../../../ui/button.tsx";
import { modelText } from "../frame/model-text.ts";
import { UserLink } from "../frame/user-link.tsx";
import { sideNames } from "./vote-filter.ts";

interface VoteListProps {
  readonly votes: readonly AdminVoteOutput[];
  readonly reader: Reader;
  /** null while the operator keeps chats closed. */
  readonly onOpen: ((vote: AdminVoteOutput) => void) | null;
}

/** A row for each vote, with the way to the answer. */
export function VoteList({ votes, reader, onOpen }: VoteListProps) {
  return (
    <ul className="divide-y divide-line border-y border-line">
      {votes.map((vote) => (
        <VoteRow key={`${vote.owner.id} ${vote.messageId}`} {...{ vote, reader, onOpen }} />
      ))}
    </ul>
  );
}

interface VoteRowProps extends Omit<VoteListProps, "votes"> {
  readonly vote: AdminVoteOutput;
}

function VoteRow({ vote, reader, onOpen }: VoteRowProps) {
  const { owner, chatTitle, modelId, updatedAt } = vote;
  const Picture = vote.vote === "up" ? ThumbsUp : ThumbsDown;
  const title = chatTitle ?? "Private chat";
  return (
    <li className="flex items-start gap-4 py-3 text-sm">
      <Picture aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere">
          <span className="font-medium">{sideNames[vote.vote]}</span>
          {` in “${title}”`}
        </p>
        <p className="mt-1 flex flex-wrap gap-x-4 text-xs text-muted">
          <UserLink user={owner} />
          <span>{modelText(modelId)}</span>
          <span>{timeText(updatedAt, reader)}</span>
        </p>
      </div>
      {onOpen && (
        <Button
          isSmall
          onClick={() => onOpen(vote)}
          aria-label={`Open the answer in ${title}, ${timeText(updatedAt, reader)}`}
        >
          Open
        </Button>
      )}
    </li>
  );
}
