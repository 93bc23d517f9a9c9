import { createTRPCClient, httpLink } from "@trpc/client";
import type { AppRouter } from "api-worker";
import type { UploadOutput } from "api-worker/contracts";
import { shownViewerHeaders } from "../../../lib/shown-viewer.ts";

interface SendFileOptions {
  readonly chatId: string;
  /** The thumbnail of a picture; null for none. */
  readonly thumbnail: Blob | null;
  /** Called with the share sent so far, from 0 to 1. */
  readonly onProgress: (share: number) => void;
  /** Cancels the upload. */
  readonly signal: AbortSignal;
}

/**
 * Uploads one file.
 *
 * @throws the API's refusal, or another error when the connection is lost
 */
export async function sendFile(file: File, options: SendFileOptions): Promise<UploadOutput> {
  const form = new FormData();
  form.append("chatId", options.chatId);
  if (options.thumbnail) form.append("thumbnail", options.thumbnail, "thumbnail.webp");
  form.append("file", file);
  const { uploads } = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: "/trpc",
        headers: shownViewerHeaders,
        fetch: fetchWithProgress(options.onProgress) as never,
      }),
    ],
  });
  return uploads.create.mutate(form, { signal: options.signal });
}

/** A `fetch` on top of XMLHttpRequest, because `fetch` does not report upload progress. */
function fetchWithProgress(onProgress: (share: number) => void) {
  return (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const request = new XMLHttpRequest();
    request.open(init.method ?? "GET", url);
    for (const [name, value] of new Headers(init.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => {
      if (total > 0) onProgress(loaded / total);
    };
    request.onload = () => {
      const headers = { "content-type": request.getResponseHeader("content-type") ?? "" };
      resolve(new Response(request.responseText, { status: request.status, headers }));
    };
    request.onerror = () => reject(new TypeError("Connection lost."));
    request.onabort = () => reject(new DOMException("Upload canceled.", "AbortError"));
    init.signal?.addEventListener("abort", () => request.abort());
    request.send(init.body as FormData);
    return promise;
  };
}
