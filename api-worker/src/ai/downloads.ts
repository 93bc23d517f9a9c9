import { DownloadError, type streamText } from "ai";

type DownloadFunction = NonNullable<Parameters<typeof streamText>[0]["experimental_download"]>;

/**
 * For every model call. The AI SDK would fetch a file that a message names by its address, or have
 * the provider fetch it. Our files come with their bytes, so any address is a foreign one.
 *
 * @throws DownloadError for the first address
 */
export const refuseDownloads: DownloadFunction = async ([first]) => {
  if (first === undefined) return [];
  const message = "Files at other addresses are never downloaded.";
  throw new DownloadError({ url: first.url.toString(), message });
};
