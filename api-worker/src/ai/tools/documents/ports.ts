import type { ModelMessage } from "ai";
import type { DocumentKind } from "../../../contracts/documents.ts";
import type { MessageData } from "../../../contracts/message-parts.ts";
import type { Picture } from "../../../contracts/pictures.ts";

/** A document without its content. */
export interface DocumentFacts {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly title: string;
  /** The language of code; null for other kinds. */
  readonly language: string | null;
  /** The newest version. */
  readonly version: number;
}

/** A document with the content of its newest version. */
export interface ReadDocument extends DocumentFacts {
  readonly content: string;
}

/** What the model has written for one call of a tool. */
export interface DocumentWrite {
  readonly documentId: string;
  /** The facts of a new document; null for a document that exists. */
  readonly created: Pick<DocumentFacts, "kind" | "title" | "language"> | null;
  /** The call. Writing again for the same call finds the version that was written. */
  readonly toolCallId: string;
  readonly content: string;
  readonly status: "complete" | "stopped" | "interrupted";
  /** The version that the content was made from; null for a new document. */
  readonly baseVersion: number | null;
  /** Writes nothing when `baseVersion` is not the newest version any more. */
  readonly onlyOnBase?: boolean;
}

export interface WrittenVersion {
  /** Names the version in calls. */
  readonly version: number;
  /** The version's number for people. */
  readonly number: number;
  readonly status: DocumentWrite["status"];
}

/** A change of a text that the model proposes to its reader. */
export interface NewSuggestion {
  /** In the text that the model has read exactly once. */
  readonly original: string;
  /** Where `original` starts, in UTF-16 code units. */
  readonly start: number;
  readonly proposed: string;
  readonly reason: string;
}

/** The suggestions of one call of a tool. */
export interface NewSuggestions {
  readonly documentId: string;
  /** The call. Writing again for the same call adds none. */
  readonly toolCallId: string;
  /** The version that the model has read. */
  readonly version: number;
  readonly suggestions: readonly NewSuggestion[];
}

export interface WrittenSuggestions {
  readonly count: number;
}

/** The documents of the chat of a turn. */
export interface DocumentPorts {
  /** Lists the chat's documents, last changed first, 30 at most. */
  readonly list: () => Promise<DocumentFacts[]>;
  /** Returns a document of the chat; null when the chat has none with this id. */
  readonly read: (documentId: string) => Promise<ReadDocument | null>;
  /**
   * Writes a version.
   *
   * @returns null when the chat has no such document, or its newest version is not the base
   * @throws ToolFailure when the owner's storage is full; what D1 throws
   */
  readonly write: (write: DocumentWrite) => Promise<WrittenVersion | null>;
  /**
   * Writes suggestions for a document.
   *
   * @returns null when the chat has no such document
   * @throws ToolFailure when they do not fit, or too many are open; what D1 throws
   */
  readonly suggest: (suggestions: NewSuggestions) => Promise<WrittenSuggestions | null>;
  /**
   * Stores a picture as a file of the owner, with the checks of an upload.
   *
   * @throws ToolFailure when it is refused, or the owner's storage is full; what D1 and R2 throw
   */
  readonly storePicture: (
    picture: DrawnPicture,
    title: string,
  ) => Promise<Omit<Picture, "prompts">>;
  /** Returns the bytes of an owner's picture; null when it does not exist any more. */
  readonly readPicture: (url: string) => Promise<Uint8Array | null>;
}

/** A picture as the model has drawn it. */
export interface DrawnPicture {
  readonly bytes: Uint8Array;
  /** As the model says. */
  readonly mediaType: string;
}

export interface DrawRequest {
  readonly prompt: string;
  /** The picture to change; null for a new one. */
  readonly before: Uint8Array | null;
}

/**
 * Calls the image model of the turn's model. Its tokens count as those of the answer.
 *
 * @throws what the provider throws, ToolFailure when nothing was drawn, and when the turn ends
 */
export type DrawPicture = (request: DrawRequest) => Promise<DrawnPicture>;

/** A text that the turn's model writes for a tool. */
export interface WriteRequest {
  readonly instructions: string;
  readonly messages: readonly ModelMessage[];
}

/**
 * Calls the turn's model. Its tokens count as those of the answer.
 *
 * @returns the pieces of the text as they arrive
 * @throws what the provider throws, and when the turn ends; the pieces before stay
 */
export type WriteText = (request: WriteRequest) => AsyncIterable<string>;

/** The data of an answer's part that shows a document. */
export type DocumentPart = MessageData["document"];
