import { z } from "zod";
import { limits } from "./limits.ts";
import { storageOutput } from "./storage.ts";

/** The types of pictures. */
export const pictureTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"] as const;
export type PictureType = (typeof pictureTypes)[number];

/** The types that can be uploaded, as detected from the bytes. */
export const uploadTypes = [
  ...pictureTypes,
  "application/pdf",
  "text/plain",
  "text/markdown",
  "text/csv",
  "application/json",
] as const;
export type UploadType = (typeof uploadTypes)[number];

/** Whether a type is a picture's. */
export function isPictureType(mediaType: string): mediaType is PictureType {
  return (pictureTypes as readonly string[]).includes(mediaType);
}

/** The address of an upload's bytes, on the same origin, for viewers who may read it. */
export function fileAddress(uploadId: string): string {
  return `/files/${uploadId}`;
}

const addressPattern = /^\/files\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The id of the upload at an address; null for any other address. */
export function uploadIdOf(url: string): string | null {
  return addressPattern.exec(url)?.[1] ?? null;
}

export const uploadAddressSchema = z
  .string()
  .regex(addressPattern, "This isn’t the address of an upload.");

/**
 * An upload in a question. Only the address and the name come from the client; the worker fills in
 * the rest.
 */
export const filePartSchema = z.object({
  type: z.literal("file"),
  url: uploadAddressSchema,
  mediaType: z.string().max(100).optional(),
  filename: z.string().max(1_000).optional(),
});

/** Facts about the upload in a stored file part, as `providerMetadata.alleato`. */
export interface FileFacts {
  readonly bytes: number;
  /** Of a picture, as it is shown. */
  readonly width?: number;
  readonly height?: number;
  readonly hasThumbnail?: boolean;
}

export const uploadOutput = z.object({
  id: z.string(),
  /** The displayed name, without paths, control characters and the like. */
  name: z.string(),
  mediaType: z.enum(uploadTypes),
  bytes: z.number(),
  /** Size of a picture as displayed, with the camera's rotation applied. */
  width: z.number().nullable(),
  height: z.number().nullable(),
  hasThumbnail: z.boolean(),
  createdAt: z.number(),
});
export type UploadOutput = z.infer<typeof uploadOutput>;

export const uploadSorts = ["newest", "largest"] as const;

export const uploadListInput = z.object({
  limit: z.int().min(1).max(limits.uploadsPageMax).default(50),
  /** `nextCursor` of the previous page with the same sort order. */
  cursor: z.string().max(300).nullish(),
  sort: z.enum(uploadSorts).default("newest"),
});

const listedUploadOutput = uploadOutput.extend({
  /** Some of the chats that use it, the one with the newest message first. */
  chats: z.array(z.object({ id: z.string(), title: z.string(), messageId: z.string() })),
  /** Number of messages that contain it. 0 for a file that is only in a draft, or nowhere. */
  useCount: z.number(),
});
export type ListedUploadOutput = z.infer<typeof listedUploadOutput>;

export const uploadListOutput = z.object({
  items: z.array(listedUploadOutput),
  /** null on the last page. */
  nextCursor: z.string().nullable(),
  storage: storageOutput,
});
export type UploadListOutput = z.infer<typeof uploadListOutput>;

export const uploadDeleteInput = z.object({
  uploadId: z.uuid(),
  /** Deletes the upload only if no message contains it, for files removed from a draft. */
  onlyIfUnused: z.boolean().default(false),
});

export const uploadLimitsOutput = z.object({
  pictureMaxBytes: z.number(),
  /** Applies to files that are not pictures. */
  fileMaxBytes: z.number(),
});
export type UploadLimitsOutput = z.infer<typeof uploadLimitsOutput>;
