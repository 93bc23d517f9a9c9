import type { RunOutcome, RunState } from "./code-run.ts";
import type { RunLanguage } from "./run-language.ts";
import { runLimits } from "./run-limits.ts";

const minutes = (ms: number) => `${ms / 60_000} minutes`;

const endings: Readonly<Record<Exclude<RunOutcome, "done" | "failed" | "stopped">, string>> = {
  overflow: `Stopped, because it wrote more than ${runLimits.outputMaxLength.toLocaleString("en")} characters, ${runLimits.outputMaxLines.toLocaleString("en")} lines or ${runLimits.picturesMax} pictures`,
  "not-loaded": "Python couldn’t be loaded. Check your connection and run it again.",
  refused: "Stopped, because it sent something that can’t be shown",
  "slow-loading": `Not loaded within ${minutes(runLimits.loadingMs)}. Check your connection and run it again.`,
  "slow-packages": `Its packages weren’t loaded within ${minutes(runLimits.packagesMs)}. Check your connection and run it again.`,
  "slow-running": `Stopped after ${runLimits.runningMs / 1000} seconds, the longest that a run may take`,
};

/** Says where a run is, or how it has ended. */
export function runText({ phase, outcome, ranMs }: RunState, language: RunLanguage): string {
  if (outcome === null) {
    if (phase === "loading") return language === "python" ? "Loading Python…" : "Loading…";
    if (phase === "packages") return "Loading packages…";
    return language === "html" ? "Showing the page" : "Running…";
  }
  const time = ranMs === null ? "" : ` after ${secondsText(ranMs)}`;
  if (outcome === "done") return `Done${time}`;
  if (outcome === "failed") return `Failed${time}`;
  if (outcome === "stopped") return `Stopped${time}`;
  return endings[outcome];
}

function secondsText(ms: number): string {
  if (ms < 100) return "less than 0.1 s";
  return ms < 9_950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
