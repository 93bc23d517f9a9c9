import { z } from "zod";
import { limits } from "./limits.ts";

/** What a picture can be. */
export const pictureTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"] as const;
export type PictureType = (typeof pictureTypes)[number];

/** What can be uploaded, by its type as the worker has found it in the bytes. */
export const uploadTypes = [
  ...pictureTypes,
  "application/pdf",
  "text/plain",
  "text/markdown",
  "text/csv",
  "application/json",
] as const;
export type UploadType = (typeof uploadTypes)[number];

/** Whether a type is that of a picture. */
export function isPictureType(mediaType: string): mediaType is PictureType {
  return (pictureTypes as readonly string[]).includes(mediaType);
}

/** The address of an upload's bytes; the same origin serves it to those who may read it. */
export function fileAddress(uploadId: string): string {
  return `/files/${uploadId}`;
}

const addressPattern = /^\/files\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The upload that an address is of; null for any other address. */
export function uploadIdOf(url: string): string | null {
  return addressPattern.exec(url)?.[1] ?? null;
}

/** An upload in a question. All but its address and name comes from the worker when it is stored. */
export const filePartSchema = z.object({
  type: z.literal("file"),
  url: z.string().regex(addressPattern, "This is not the address of an upload."),
  mediaType: z.string().max(100).optional(),
  filename: z.string().max(1_000).optional(),
});

/** What a stored file part says of its upload beyond the AI SDK's own fields, as `providerMetadata.alleato`. */
export interface FileFacts {
  readonly bytes: number;
  /** Of a picture, as it is shown. */
  readonly width?: number;
  readonly height?: number;
  readonly hasThumbnail?: boolean;
}

export const uploadOutput = z.object({
  id: z.string(),
  /** As it is shown: without paths, control characters and the like. */
  name: z.string(),
  mediaType: z.enum(uploadTypes),
  bytes: z.number(),
  /** Of a picture, as it is shown: turned as its camera says. */
  width: z.number().nullable(),
  height: z.number().nullable(),
  hasThumbnail: z.boolean(),
  createdAt: z.number(),
});
export type UploadOutput = z.infer<typeof uploadOutput>;

export const uploadSorts = ["newest", "largest"] as const;

export const uploadListInput = z.object({
  limit: z.int().min(1).max(limits.uploadsPageMax).default(50),
  /** `nextCursor` of the page before, of the same order. */
  cursor: z.string().max(300).nullish(),
  sort: z.enum(uploadSorts).default("newest"),
});

export const listedUploadOutput = uploadOutput.extend({
  /** Where it is used: a few of the chats, the one with the newest message that has it first. */
  chats: z.array(z.object({ id: z.string(), title: z.string(), messageId: z.string() })),
  /** Messages that have it. 0: only in what is being written, or nowhere. */
  useCount: z.number(),
});
export type ListedUploadOutput = z.infer<typeof listedUploadOutput>;

export const uploadListOutput = z.object({
  items: z.array(listedUploadOutput),
  /** null when there is no further page. */
  nextCursor: z.string().nullable(),
  storage: z.object({
    /** Bytes of all of the viewer's files. */
    usedBytes: z.number(),
    /** null: no limit. */
    maxBytes: z.number().nullable(),
  }),
});
export type UploadListOutput = z.infer<typeof uploadListOutput>;

export const uploadDeleteInput = z.object({
  uploadId: z.uuid(),
  /** Leaves one that a message has: for what is taken out of a draft. */
  onlyIfUnused: z.boolean().default(false),
});

export const uploadLimitsOutput = z.object({
  pictureMaxBytes: z.number(),
  /** Of any other file. */
  fileMaxBytes: z.number(),
});
export type UploadLimitsOutput = z.infer<typeof uploadLimitsOutput>;
