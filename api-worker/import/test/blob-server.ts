import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What goes wrong with a request of a file. */
export type BlobFault =
  | { readonly kind: "status"; readonly status: number; readonly headers?: Record<string, string> }
  /** The connection breaks before the answer. */
  | { readonly kind: "cut" }
  /** It breaks in the middle of the file. */
  | { readonly kind: "cut-within" }
  | { readonly kind: "silence" };

export interface BlobFile {
  readonly bytes: Uint8Array;
  readonly mediaType?: string;
  readonly modifiedAt?: number;
}

export interface BlobServer {
  /** With its port, as `--blob-host` takes it. */
  readonly host: string;
  /** By path, such as `/a.png`. */
  readonly files: Map<string, BlobFile>;
  /** Paths in the order of requests. */
  readonly requests: string[];
  /** The most requests that were under way at once. */
  readonly mostAtOnce: number;
  /** What is to go wrong, by the path and how often it was asked for before. */
  faultOf: (path: string, before: number) => BlobFault | undefined;
  /** Runs before each answer. */
  beforeAnswer: () => Promise<void>;
  urlOf(path: string): string;
  close(): Promise<void>;
}

/** Plays the part of a Blob store. */
export async function startBlobServer(): Promise<BlobServer> {
  let underWay = 0;
  const blob = {
    host: "",
    files: new Map<string, BlobFile>(),
    requests: [] as string[],
    mostAtOnce: 0,
    faultOf: (() => undefined) as BlobServer["faultOf"],
    beforeAnswer: async () => {},
    urlOf: (path: string) => `http://${blob.host}${path}`,
    close: async () => {},
  };
  const server = createServer(async ({ url = "/" }, response) => {
    const path = decodeURIComponent(url);
    const before = blob.requests.filter((one) => one === path).length;
    blob.requests.push(path);
    underWay += 1;
    blob.mostAtOnce = Math.max(blob.mostAtOnce, underWay);
    response.on("close", () => {
      underWay -= 1;
    });
    await blob.beforeAnswer();
    const fault = blob.faultOf(path, before);
    answer(response, blob.files.get(path), fault);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  blob.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  blob.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return blob;
}

function answer(response: ServerResponse, file: BlobFile | undefined, fault?: BlobFault): void {
  if (fault?.kind === "silence") return;
  if (fault?.kind === "cut") {
    response.destroy();
    return;
  }
  if (fault?.kind === "status") {
    response.writeHead(fault.status, fault.headers).end();
    return;
  }
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    "content-type": file.mediaType ?? "application/octet-stream",
    "content-length": file.bytes.length,
    ...(file.modifiedAt !== undefined && {
      "last-modified": new Date(file.modifiedAt).toUTCString(),
    }),
  });
  if (fault?.kind !== "cut-within") response.end(file.bytes);
  else response.write(file.bytes.subarray(0, 10), () => response.destroy());
}
