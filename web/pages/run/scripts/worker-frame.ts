import { OutputBudget } from "../../../app/features/documents/run/output-budget.ts";
import {
  type PackageFile,
  type PackagesAnswer,
  transfersOf,
} from "../../../app/features/documents/run/packages/package-files.ts";
import { runLimits } from "../../../app/features/documents/run/run-limits.ts";
import type { OutputPiece, RunMessage } from "../../../app/features/documents/run/run-messages.ts";
import type { FrameSettings } from "./frame-settings.ts";
import { onRunStart } from "./run-start.ts";

/**
 * The script of a frame whose code runs in a worker. It stands between the worker and the page: what
 * runs cannot reach it, so the bounds hold whatever the worker does.
 */

/** Output is handed to the page this often. */
const batchMs = 50;

interface Relay {
  /** Takes a message of the worker, of any shape. */
  readonly take: (data: unknown) => void;
  readonly end: (reason: "done" | "not-loaded" | "overflow") => void;
}

/** @param onEnd called once, when the worker has to end */
function createRelay(port: MessagePort, onEnd: () => void): Relay {
  let pieces: OutputPiece[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const counts = { messages: 0, pictures: 0, packages: 0 };
  const budget = new OutputBudget();

  const send = (message: RunMessage) => port.postMessage(message);
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    for (let at = 0; at < pieces.length; at += runLimits.piecesPerMessageMax) {
      send({ type: "output", pieces: pieces.slice(at, at + runLimits.piecesPerMessageMax) });
    }
    pieces = [];
  };
  const end: Relay["end"] = (reason) => {
    if (isOver) return;
    isOver = true;
    onEnd();
    flush();
    send({ type: "end", reason });
  };
  const addText = (stream: OutputPiece["stream"], text: string) => {
    const { fitting, isTooMuch } = budget.take(text);
    for (let at = 0; at < fitting.length; at += runLimits.pieceMaxLength) {
      addPiece(stream, fitting.slice(at, at + runLimits.pieceMaxLength));
    }
    if (isTooMuch) end("overflow");
    else timer ??= setTimeout(flush, batchMs);
  };
  const addPiece = (stream: OutputPiece["stream"], text: string) => {
    const last = pieces.at(-1);
    const isMore =
      last?.stream === stream && last.text.length + text.length <= runLimits.pieceMaxLength;
    if (isMore) pieces[pieces.length - 1] = { stream, text: last.text + text };
    else pieces.push({ stream, text });
  };

  return {
    end,
    take(data) {
      counts.messages += 1;
      if (isOver || typeof data !== "object" || data === null) return;
      if (counts.messages > runLimits.messagesMax) return end("overflow");
      const message = data as Record<string, unknown>;
      switch (message.type) {
        case "text": {
          const stream = (["stderr", "result", "note"] as const).find(
            (one) => one === message.stream,
          );
          addText(stream ?? "stdout", String(message.text));
          break;
        }
        case "picture": {
          counts.pictures += 1;
          const { png } = message;
          const isFit = png instanceof Uint8Array && png.length <= runLimits.pictureMaxBytes;
          if (counts.pictures > runLimits.picturesMax) return end("overflow");
          if (!isFit) return addText("note", "A picture is too large to be shown.\n");
          flush();
          // A copy, because what arrives may lie in memory that is shared.
          send({ type: "picture", png: Uint8Array.from(png) });
          break;
        }
        case "phase":
          if (message.phase === "packages" || message.phase === "running") {
            send({ type: "phase", phase: message.phase });
          }
          break;
        case "packages":
          counts.packages += 1;
          if (counts.packages === 1) send({ type: "packages", files: filesOf(message.files) });
          break;
        case "error":
          flush();
          send({ type: "error", text: String(message.text).slice(-runLimits.errorMaxLength) });
          break;
        case "end":
          end(
            (["not-loaded", "overflow"] as const).find((one) => one === message.reason) ?? "done",
          );
          break;
      }
    },
  };
}

function filesOf(files: unknown): PackageFile[] {
  if (!Array.isArray(files)) return [];
  return files
    .slice(0, runLimits.packageFilesMax)
    .map((file) => ({ name: String(file?.name), sha256: String(file?.sha256) }));
}

onRunStart((source, port) => {
  const text = document.getElementById("settings")?.textContent ?? "{}";
  const { workerCode, pythonUrl }: FrameSettings = JSON.parse(text);
  const url = URL.createObjectURL(new Blob([workerCode], { type: "text/javascript" }));
  // A classic worker: Chromium starts no module from a blob of an opaque origin.
  const worker = new Worker(url);
  const relay = createRelay(port, () => worker.terminate());
  worker.onmessage = ({ data }) => relay.take(data);
  worker.onerror = (event) => {
    event.preventDefault();
    relay.take({ type: "error", text: event.message || "The worker has failed." });
    relay.end("done");
  };
  port.onmessage = ({ data }: MessageEvent<PackagesAnswer>) => {
    worker.postMessage(data, transfersOf(data));
  };
  worker.postMessage({ source, pythonUrl });
});
