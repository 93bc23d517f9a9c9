import { OutputBudget } from "../../../app/features/documents/run/output-budget.ts";
import type { PackageFile } from "../../../app/features/documents/run/packages/package-files.ts";
import { runLimits } from "../../../app/features/documents/run/run-limits.ts";

/**
 * What the workers send to their frame. The frame checks all of it again, because what runs in the
 * worker can send anything.
 */

type Stream = "stdout" | "stderr" | "result" | "note";

const post = (message: object): void => self.postMessage(message);
const budget = new OutputBudget();
/** Writes that are sent one by one. Later ones are collected, because messages are bounded too. */
const directWrites = 5_000;
const blockLength = 2_000;
const blockMs = 50;
let writes = 0;
let block: { readonly stream: Stream; readonly text: string } | null = null;
let blockSentMs = 0;

function flush(): void {
  if (block) post({ type: "text", ...block });
  block = null;
  blockSentMs = performance.now();
}

function send(stream: Stream, text: string): void {
  writes += 1;
  if (writes < directWrites) {
    post({ type: "text", stream, text });
    return;
  }
  if (block && block.stream !== stream) flush();
  block = { stream, text: (block?.text ?? "") + text };
  const isDue = performance.now() - blockSentMs > blockMs;
  if (isDue || block.text.length >= blockLength) flush();
}

/** Thrown into what runs when it has written too much, so that a loop of prints ends at once. */
export class OverflowError extends Error {}

export function writeText(stream: Stream, text: string): void {
  const { fitting, isTooMuch } = budget.take(text);
  send(stream, fitting);
  if (!isTooMuch) return;
  tellEnd("overflow");
  throw new OverflowError("Too much output.");
}

export function writePicture(png: Uint8Array): void {
  flush();
  post({ type: "picture", png });
}

export function tellPhase(phase: "packages" | "running"): void {
  post({ type: "phase", phase });
}

/** Asks the page for files of packages, which it answers with one message. */
export function askForPackages(files: readonly PackageFile[]): void {
  post({ type: "packages", files });
}

/** Says why what ran has failed. */
export function tellError(text: string): void {
  flush();
  post({ type: "error", text: text.slice(-runLimits.errorMaxLength) });
}

export function tellEnd(reason: "done" | "not-loaded" | "overflow"): void {
  flush();
  post({ type: "end", reason });
}

/** Says in the console what the frame's policy has refused. */
export function reportRefusals(write: (text: string) => void): void {
  addEventListener("securitypolicyviolation", (event) => {
    const { blockedURI, effectiveDirective } = event as SecurityPolicyViolationEvent;
    write(
      blockedURI.startsWith("trusted-types")
        ? "Blocked: pages in a run have no frames of their own, and no links that are scripts.\n"
        : `Blocked: ${blockedURI || effectiveDirective}. Runs have no access to the network.\n`,
    );
  });
}
