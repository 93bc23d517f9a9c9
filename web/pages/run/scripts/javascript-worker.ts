import { captureConsole } from "./capture-console.ts";
import { formatError, formatValue } from "./format-value.ts";
import {
  OverflowError,
  reportRefusals,
  tellEnd,
  tellError,
  tellPhase,
  writeText,
} from "./worker-output.ts";

/** Runs JavaScript in a worker: a script, whose last value is its result, or a module. */

captureConsole(writeText);
reportRefusals((text) => writeText("note", text));

/** Runs a text in the global scope. @returns its last value */
// biome-ignore lint/security/noGlobalEval: running code is the purpose.
const runText = globalThis.eval;

let isOver = false;
/** The timers that have not ended. A run ends with the last of them. */
const timers = new Set<number>();
const { setTimeout, setInterval, clearTimeout } = self;

function finish(): void {
  if (isOver) return;
  isOver = true;
  tellEnd("done");
}

function fail(error: unknown): void {
  // The frame ends such a run and says why.
  if (error instanceof OverflowError) return;
  const text = formatError(error);
  const isImport = /Failed to resolve module specifier|dynamically imported module/.test(text);
  const hint = "\nPackages cannot be imported in a run. Use code without imports.";
  tellError(isImport ? text + hint : text);
  finish();
}

function finishIfIdle(): void {
  if (timers.size === 0) setTimeout(() => timers.size === 0 && finish());
}

type Handler = (...values: unknown[]) => unknown;

function trackTimers(): void {
  const track =
    (start: typeof setTimeout, isOnce: boolean) =>
    (handler: Handler | string, delay?: number, ...values: unknown[]): number => {
      const call = typeof handler === "function" ? handler : () => runText(handler);
      const id: number = start(() => {
        if (isOnce) timers.delete(id);
        try {
          call(...values);
        } catch (error) {
          fail(error);
        }
        finishIfIdle();
      }, delay);
      timers.add(id);
      return id;
    };
  const clear = (id?: number) => {
    clearTimeout(id);
    if (id !== undefined) timers.delete(id);
    finishIfIdle();
  };
  Object.assign(self, {
    setTimeout: track(setTimeout, true),
    setInterval: track(setInterval as typeof setTimeout, false),
    clearTimeout: clear,
    clearInterval: clear,
  });
}

/** Whether the source can run as a script, which unlike a module has a value. */
function isScript(source: string): boolean {
  try {
    new Function(source);
    return true;
  } catch {
    // A module, or an error of syntax, which running it will tell.
    return false;
  }
}

async function run(source: string): Promise<void> {
  // The name by which errors tell the places of what runs.
  const named = `${source}\n//# sourceURL=main.js`;
  if (!isScript(source)) {
    const url = URL.createObjectURL(new Blob([named], { type: "text/javascript" }));
    await import(/* @vite-ignore */ url);
    return;
  }
  const value = await runText(named);
  // A timer that goes on is no result.
  if (value !== undefined && !timers.has(value)) writeText("result", `${formatValue(value)}\n`);
}

addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  fail(event.reason);
});
addEventListener("error", (event) => {
  event.preventDefault();
  fail(event.error ?? event.message);
});
addEventListener(
  "message",
  ({ data }: MessageEvent<{ source: string }>) => {
    trackTimers();
    tellPhase("running");
    run(data.source).then(finishIfIdle, fail);
  },
  { once: true },
);
