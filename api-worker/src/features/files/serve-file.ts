import type { Context } from "../../context.ts";
import { notFound } from "../../errors.ts";
import { contentDatabases } from "../../platform/content.ts";
import { countPublicRead } from "../../platform/rate-limit.ts";
import { settingsOf } from "../../platform/settings.ts";
import { methodNotAllowed } from "../../responses.ts";
import { recordEvent } from "../audit/record-event.ts";
import { findUploadById, type ServedUpload } from "../uploads/find-upload.ts";
import { objectKey, thumbnailKey } from "../uploads/object-keys.ts";
import { fileAccess } from "./access.ts";
import { parseRange } from "./byte-range.ts";
import { fileHeaders, hasTag } from "./file-headers.ts";
import { isShownInPublic } from "./public-files.ts";

export const filePrefix = "/files/";

/** The requested object of an upload. */
interface Served {
  readonly key: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly etag: string;
}

/**
 * Serves `GET` and `HEAD` of `/files/:uploadId`: the bytes of an upload, for its owner, for
 * administrators, and for readers of a public chat that shows it. `?size=thumbnail` serves the
 * thumbnail when there is one; `?download` serves the file as an attachment.
 *
 * @throws AppError NOT_FOUND, the same for a missing file and for one that the viewer may not know
 *   of
 */
export async function serveFile(ctx: Context, request: Request): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return methodNotAllowed("Files can only be read here.", ["GET", "HEAD"], ctx.request.id);
  }
  const { pathname, searchParams } = ctx.request.url;
  const upload = await findReadable(ctx, pathname.slice(filePrefix.length));
  const served = servedOf(upload, searchParams.get("size") === "thumbnail");
  const headers = {
    ...fileHeaders({
      name: upload.name,
      mediaType: served.mediaType,
      createdAt: upload.createdAt,
      etag: served.etag,
      isDownload: searchParams.has("download"),
    }),
    "x-request-id": ctx.request.id,
  };
  if (hasTag(request.headers.get("if-none-match"), served.etag)) {
    return new Response(null, { status: 304, headers });
  }
  return respond(ctx, request, served, headers);
}

/** @throws AppError NOT_FOUND; RATE_LIMITED */
async function findReadable(ctx: Context, uploadId: string): Promise<ServedUpload> {
  if (!ctx.viewer) await countPublicRead(ctx);
  const found = await findUpload(ctx, uploadId);
  if (!found) throw notFound("file");
  const { upload, content } = found;
  const ownerId = upload.userId;
  const canAdminsRead = settingsOf(ctx.env).canAdminsOpenChats;
  const own = fileAccess(ctx.viewer, { ownerId, isShownInPublic: false, canAdminsRead });
  if (own === "allowed") return upload;
  // A publicly shown file is not private, so reading it is not audited.
  if (await isShownInPublic(ctx, content, upload)) return upload;
  if (own === "none" || !ctx.viewer) throw notFound("file");
  await recordEvent(ctx.home, {
    actorId: ctx.viewer.userId,
    action: "file.read",
    targetType: "upload",
    targetId: upload.id,
    ownerId,
    requestId: ctx.request.id,
  });
  return upload;
}

/** The address does not name the owner, so every content database is asked. */
async function findUpload(ctx: Context, uploadId: string) {
  if (!/^[0-9a-f-]{36}$/.test(uploadId)) return undefined;
  const found = await Promise.all(
    contentDatabases(ctx.env).map(async (content) => ({
      content,
      upload: await findUploadById(content, uploadId),
    })),
  );
  for (const { content, upload } of found) if (upload) return { content, upload };
  return undefined;
}

function servedOf(upload: ServedUpload, wantsThumbnail: boolean): Served {
  const { id, bytes, thumbnailBytes, thumbnailType, sha256 } = upload;
  if (wantsThumbnail && thumbnailBytes !== null) {
    const mediaType = thumbnailType ?? "image/webp";
    const etag = `"${sha256}-thumbnail"`;
    return { key: thumbnailKey(id), mediaType, bytes: thumbnailBytes, etag };
  }
  const mediaType = upload.mediaType ?? "application/octet-stream";
  return { key: objectKey(id), mediaType, bytes, etag: `"${sha256}"` };
}

async function respond(
  ctx: Context,
  request: Request,
  { key, bytes, etag }: Served,
  headers: Record<string, string>,
): Promise<Response> {
  const ifRange = request.headers.get("if-range");
  const isSame = ifRange === null || ifRange === etag;
  // Range applies to GET only: https://www.rfc-editor.org/rfc/rfc9110#section-14.2
  const canBePart = request.method === "GET" && isSame;
  const range = canBePart ? parseRange(request.headers.get("range"), bytes) : null;
  if (range === "unsatisfiable") {
    const { "content-type": _, "content-disposition": __, ...rest } = headers;
    const outside = { ...rest, "content-range": `bytes */${bytes}` };
    return new Response(null, { status: 416, headers: outside });
  }
  const length = range ? range.last - range.first + 1 : bytes;
  const status = range ? 206 : 200;
  const all = {
    ...headers,
    "content-length": String(length),
    ...(range && { "content-range": `bytes ${range.first}-${range.last}/${bytes}` }),
  };
  if (request.method === "HEAD") return new Response(null, { status, headers: all });
  const object = await ctx.env.FILES.get(
    key,
    range ? { range: { offset: range.first, length } } : {},
  );
  if (!object) {
    ctx.log.error("files.object_missing", new Error("A row has no object."), { key });
    throw notFound("file");
  }
  return new Response(object.body, { status, headers: all });
}
