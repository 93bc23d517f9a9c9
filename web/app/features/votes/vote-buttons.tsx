import type { Vote } from "api-worker/contracts/votes";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";

interface VoteButtonsProps {
  readonly vote: Vote;
  readonly onVote: (vote: Vote) => void;
}

const choices = [
  { value: "up", label: "Good answer", Picture: ThumbsUp },
  { value: "down", label: "Bad answer", Picture: ThumbsDown },
] as const;

/** Thumbs up and down. Pressing the active one removes the vote. */
export function VoteButtons({ vote, onVote }: VoteButtonsProps) {
  return choices.map(({ value, label, Picture }) => {
    const isSet = vote === value;
    return (
      <IconButton
        key={value}
        label={label}
        aria-pressed={isSet}
        onClick={() => onVote(isSet ? "none" : value)}
        className="size-9 max-md:size-10 aria-pressed:text-accent"
      >
        <Picture size={16} aria-hidden fill={isSet ? "currentColor" : "none"} fillOpacity={0.25} />
      </IconButton>
    );
  });
}
