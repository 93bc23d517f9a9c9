/** What the page sends to a frame, together with the port for everything else. */
export interface RunStart {
  readonly source: string;
}

/**
 * Calls `begin` once, with the source and the port that the page above has made for this run.
 * Messages of other windows are ignored.
 */
export function onRunStart(begin: (source: string, port: MessagePort) => void): void {
  const listener = ({ source, origin, data, ports: [port] }: MessageEvent) => {
    if (source !== parent || origin !== location.origin || !port) return;
    removeEventListener("message", listener);
    begin(String((data as RunStart).source), port);
  };
  addEventListener("message", listener);
}
