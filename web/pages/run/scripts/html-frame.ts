import { runLimits } from "../../../app/features/documents/run/run-limits.ts";
import type { RunMessage } from "../../../app/features/documents/run/run-messages.ts";
import { captureConsole } from "./capture-console.ts";
import { formatError } from "./format-value.ts";
import { removeUncovered } from "./no-nested-frames.ts";
import { onRunStart } from "./run-start.ts";
import { reportRefusals } from "./worker-output.ts";

/**
 * The script of a frame that shows an HTML document. The document's scripts share this frame, so
 * the page checks every message.
 */

onRunStart((source, port) => {
  const send = (message: RunMessage) => port.postMessage(message);
  const write = (stream: "stdout" | "stderr" | "note", text: string) =>
    send({ type: "output", pieces: [{ stream, text: text.slice(0, runLimits.pieceMaxLength) }] });
  const fail = (error: unknown) =>
    send({ type: "error", text: formatError(error).slice(0, runLimits.errorMaxLength) });

  removeUncovered();
  // Replaces this page with the document, under the same policy. It removes all listeners too.
  document.open();
  captureConsole(write);
  addEventListener("error", (event) => {
    event.preventDefault();
    fail(event.error ?? event.message);
  });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    fail(event.reason);
  });
  reportRefusals((text) => write("note", text));
  send({ type: "phase", phase: "running" });
  document.write(source);
  document.close();
});
