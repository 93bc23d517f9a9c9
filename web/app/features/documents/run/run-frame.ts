import { type PackagesAnswer, transfersOf } from "./packages/package-files.ts";
import type { RunLanguage } from "./run-language.ts";

export interface RunFrameOptions {
  readonly language: RunLanguage;
  readonly source: string;
  /** Called with everything that the frame sends: data of any shape. */
  readonly onMessage: (data: unknown) => void;
}

export interface RunFrame {
  /** Hands the frame the packages that it asked for. */
  readonly send: (answer: PackagesAnswer) => void;
  /** Ends the frame at once. */
  readonly close: () => void;
}

/** Opens a frame, and hands it the source and a port that is made for this run. */
export type OpenFrame = (options: RunFrameOptions) => RunFrame;

/** Opens frames inside an element. */
export function framesIn(host: HTMLElement): OpenFrame {
  return ({ language, source, onMessage }) => {
    const frame = document.createElement("iframe");
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => onMessage(data);
    frame.title = language === "html" ? "Page" : "Run";
    frame.hidden = language !== "html";
    // The response says the same, so that the frame has no origin of ours however it is opened.
    frame.sandbox.add("allow-scripts");
    frame.allow = "";
    frame.referrerPolicy = "no-referrer";
    frame.src = `/run/${language}`;
    const start = () => frame.contentWindow?.postMessage({ source }, "*", [port2]);
    frame.addEventListener("load", start, { once: true });
    host.append(frame);
    return {
      send: (answer) => port1.postMessage(answer, transfersOf(answer)),
      close: () => {
        port1.close();
        // The worker in it ends with the frame.
        frame.remove();
      },
    };
  };
}
