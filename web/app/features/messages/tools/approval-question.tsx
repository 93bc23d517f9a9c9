import { CloudSun } from "lucide-react";
import { useId } from "react";
import { Button } from "../../../ui/button.tsx";
import { type ToolCall, textOf, toolLabel } from "./tool-call.ts";

interface ApprovalQuestionProps {
  readonly call: ToolCall;
  readonly approvalId: string;
  /** The reader's choice, while other calls of the answer still wait. */
  readonly decision: boolean | undefined;
  readonly onDecide: (approvalId: string, isApproved: boolean) => void;
}

/**
 * Asks whether a tool may be used. Not loaded lazily, because a press on a button of the server's
 * HTML would be lost before the code arrives.
 */
export function ApprovalQuestion(props: ApprovalQuestionProps) {
  const { call, approvalId, decision, onDecide } = props;
  const id = useId();
  const place = textOf(call.input, "place");
  return (
    <section
      aria-labelledby={id}
      className="flex max-w-xl flex-col gap-3 rounded-2xl border border-line bg-surface p-4"
    >
      <div className="flex gap-3">
        <CloudSun size={20} aria-hidden className="mt-0.5 shrink-0 text-accent" />
        <div className="min-w-0">
          <h2 id={id} className="font-medium wrap-anywhere">
            {call.name === "getWeather"
              ? `Check the weather in ${place ?? "this place"}?`
              : `Use ${toolLabel(call)}?`}
          </h2>
          <p className="text-sm text-muted text-pretty">
            {call.name === "getWeather"
              ? "Only the name of the place is sent to Open-Meteo, a weather service."
              : "Its input is sent outside this site."}
          </p>
        </div>
      </div>
      <div className="flex gap-2 ps-8">
        <Button
          look={decision === false ? "outline" : "primary"}
          isSmall
          aria-pressed={decision === undefined ? undefined : decision}
          onClick={() => onDecide(approvalId, true)}
        >
          Allow
        </Button>
        <Button
          isSmall
          aria-pressed={decision === undefined ? undefined : !decision}
          onClick={() => onDecide(approvalId, false)}
        >
          Deny
        </Button>
      </div>
    </section>
  );
}
