/** All that a client may know of the API as values. Imports only zod. */
export * from "./account.ts";
export * from "./auth.ts";
export * from "./chats.ts";
export * from "./errors.ts";
export * from "./failures.ts";
export * from "./limits.ts";
export * from "./messages.ts";
export * from "./models.ts";
export * from "./news.ts";
export * from "./search.ts";
export * from "./streams.ts";
export * from "./transfer.ts";
export * from "./uploads.ts";
export * from "./usage.ts";
export * from "./votes.ts";
