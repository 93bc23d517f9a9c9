import { Calculator, Clock, CloudSun, FileText, Wrench } from "lucide-react";
import { useId, useState } from "react";
import { Spinner } from "../../../ui/spinner.tsx";
import {
  DisclosureArrow,
  DisclosureLine,
  disclosedClass,
  RawText,
} from "../content/disclosure.tsx";
import { numberOf, type ToolCall, textOf, toolLabel } from "./tool-call.ts";
import { readWeather } from "./weather.ts";
import { WeatherCard } from "./weather-card.tsx";

const pictures: Record<string, typeof Wrench> = {
  getWeather: CloudSun,
  calculate: Calculator,
  getCurrentTime: Clock,
  createDocument: FileText,
  readDocument: FileText,
  updateDocument: FileText,
  editDocument: FileText,
  requestSuggestions: FileText,
};

/** A tool call in an answer: its progress and its result. */
export function Tool({ call }: { call: ToolCall }) {
  const weather = weatherOf(call);
  return (
    <div className="flex flex-col gap-2">
      <Line call={call} />
      {weather && <WeatherCard weather={weather} />}
    </div>
  );
}

/** One line that says what was done, and expands to the input and the result. */
function Line({ call }: { call: ToolCall }) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const Picture = pictures[call.name] ?? Wrench;
  const note = noteOf(call);
  return (
    <div className="text-sm text-muted">
      <DisclosureLine
        isOpen={isOpen}
        controls={id}
        onToggle={() => setOpen(!isOpen)}
        className="gap-2"
      >
        {call.state === "running" ? (
          <Spinner className="size-4 shrink-0" />
        ) : (
          <Picture size={16} aria-hidden className="shrink-0" />
        )}
        <span className="min-w-0 wrap-anywhere">
          {lineOf(call)}
          {note && (
            <span className={call.state === "failed" ? "text-danger" : undefined}> · {note}</span>
          )}
        </span>
        <DisclosureArrow isOpen={isOpen} />
      </DisclosureLine>
      <div id={id} hidden={!isOpen} className={disclosedClass}>
        <Raw label="Input" value={call.input} />
        {call.output !== undefined && <Raw label="Result" value={call.output} />}
        {call.errorText && <p className="wrap-anywhere">{call.errorText}</p>}
      </div>
    </div>
  );
}

function Raw({ label, value }: { label: string; value: unknown }) {
  return (
    <div className="mb-1.5">
      <p className="text-xs font-medium">{label}</p>
      <RawText>{JSON.stringify(value, null, 2) ?? "–"}</RawText>
    </div>
  );
}

/** The line, including the result when it is short. */
function lineOf(call: ToolCall): string {
  if (call.state !== "done") return toolLabel(call);
  const { name, input, output } = call;
  const result = name === "calculate" ? numberOf(output, "result") : undefined;
  if (result !== undefined) return `${textOf(input, "expression") ?? "…"} = ${result}`;
  const local = name === "getCurrentTime" ? textOf(output, "local") : undefined;
  return local ? `${toolLabel(call)}: ${local}` : toolLabel(call);
}

function noteOf({ state, errorText }: ToolCall): string | null {
  if (state === "waiting") return "not answered";
  if (state === "denied") return "not allowed";
  if (state === "failed") return errorText ?? "did not come to an end";
  return null;
}

function weatherOf({ name, state, output }: ToolCall) {
  if (name !== "getWeather" || state !== "done") return null;
  return readWeather(output);
}
