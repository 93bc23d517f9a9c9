// The raw SQL tag, so that query modules need not import Kysely.
export { type Expression, sql } from "kysely";
export { type BatchQuery, type BatchResults, runBatch } from "./batch.ts";
export {
  type ContentDb,
  createContentDb,
  createHomeDb,
  type HomeDb,
} from "./client.ts";
export {
  type ContentTable,
  contentTables,
  type TableWith,
  tablesWith,
} from "./content-tables.ts";
export { migrationNumbers } from "./migration-numbers.ts";
export type {
  ApiTokenRow,
  AuditEventRow,
  ChatRow,
  ContentDatabase,
  DocumentAuthor,
  DocumentStatus,
  DocumentVersionsTable,
  HomeDatabase,
  InvitesTable,
  JobRunsTable,
  LimitName,
  MessageRole,
  MessageRow,
  MessageStatus,
  NewMessageRow,
  NewUserRow,
  PasswordResetRow,
  PushSubscriptionRow,
  Role,
  SearchChangeScope,
  SessionRow,
  SiteSettingsTable,
  SuggestionState,
  UploadRow,
  UserRow,
  Visibility,
} from "./schema.ts";
export { valuesOf } from "./values-of.ts";
