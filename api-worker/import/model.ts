/**
 * What the parts of the import agree on.
 *
 * The source is the Postgres database and the Blob store of the Next.js chat template; the target is
 * D1 and R2 of this product. What is copied is divided into groups: a user, a chat with its messages
 * and votes, a document with its versions and suggestions, a part of a table that the product does
 * not know. The source gives each group a digest of its rows; the target keeps the digest of the
 * rows that were copied last. A run copies the groups whose digests differ and deletes those that
 * the source has no more, so that a run that was killed, a run with new rows and a run with nothing
 * to do are the same thing.
 */

/** A row of the source. Every value is text, as Postgres writes it, or null. */
export type RawRow = Readonly<Record<string, string | null>>;

export type GroupKind = "user" | "chat" | "document" | "legacy";

/** In the order in which they are written: a kind follows those that its keys refer to. */
export const groupKinds = ["user", "chat", "document", "legacy"] as const;

export interface GroupKey {
  readonly kind: GroupKind;
  /** A UUID; of `legacy`, the table's name in the target, a colon, and the number of the part. */
  readonly id: string;
}

export interface SourceGroup extends GroupKey {
  /** Hex. Changes with any value of any row of the group. */
  readonly digest: string;
  /** About how many bytes of text its rows have. */
  readonly bytes: number;
}

export type RawGroup =
  | {
      readonly kind: "user";
      readonly id: string;
      readonly user: RawRow;
      /** Rows of `Account`, where one released state keeps passwords; left out by any other. */
      readonly accounts?: readonly RawRow[];
      /** When the user's first chat or document was made; null for a user without any. */
      readonly firstUsedAt: string | null;
    }
  | {
      readonly kind: "chat";
      readonly id: string;
      readonly chat: RawRow;
      /** Rows of `Message_v2`, in the order of time. */
      readonly messages: readonly RawRow[];
      /** Rows of `Message`, in the order of time. */
      readonly oldMessages: readonly RawRow[];
      /** Rows of `Vote_v2` and `Vote`. */
      readonly votes: readonly RawRow[];
      readonly oldVotes: readonly RawRow[];
    }
  | {
      readonly kind: "document";
      readonly id: string;
      /** Rows of `Document` with this id, in the order of time. */
      readonly versions: readonly RawRow[];
      readonly suggestions: readonly RawRow[];
    }
  | {
      readonly kind: "legacy";
      readonly id: string;
      readonly table: LegacyTable;
      /** For a table without a key, equal rows follow each other. */
      readonly rows: readonly RawRow[];
    };

/** A table of the source, as its catalogue describes it. */
export interface SourceTable {
  readonly name: string;
  readonly columns: readonly SourceColumn[];
  /** Names of the primary key's columns, in order; empty for a table without one. */
  readonly primaryKey: readonly string[];
}

export interface SourceColumn {
  readonly name: string;
  /** The type as `format_type` writes it, such as `character varying(64)` or `integer[]`. */
  readonly type: string;
  /** The base of the type: of a domain the type below it, of an enum `enum`. */
  readonly baseType: string;
  readonly isNullable: boolean;
}

/** What is kept as it was, in a table of its own in the target. */
export interface LegacyTable {
  /** The table's name in the target: `legacy_…`. */
  readonly name: string;
  /** The table's name at the source. */
  readonly source: string;
  /** The columns that are kept, the key's among them. */
  readonly columns: readonly SourceColumn[];
  /** Columns of the primary key; empty for a table without one, whose equal rows are numbered. */
  readonly key: readonly string[];
  /** All rows, or those whose parent is missing. */
  readonly rows: "all" | "orphans";
}

/** What the source's catalogue says. */
export interface SourceShape {
  readonly schema: string;
  /** Every table of the schema, by name. */
  readonly tables: ReadonlyMap<string, SourceTable>;
  /** In words, for the report: which state of the template's schema this is. */
  readonly description: string;
  /** Where messages are: JSON in `Chat.messages`, rows of `Message`, rows of `Message_v2`. */
  readonly messageForms: readonly ("inline" | "v1" | "v2")[];
  /** The column of `Document` with the kind; null where documents have none. */
  readonly documentKindColumn: string | null;
  /** Tables that the product does not know, and columns of tables that it knows. */
  readonly unknownTables: readonly string[];
  readonly unknownColumns: readonly {
    readonly table: string;
    readonly columns: readonly string[];
  }[];
  /** What becomes of both, and of rows whose parent is missing. */
  readonly legacyTables: readonly LegacyTable[];
}

export interface Source {
  readonly shape: SourceShape;
  /**
   * Every group in the order of writing, within a kind in the order of ids.
   *
   * @param kinds those that are listed; all when left out. The digests read every row of a kind
   */
  listGroups(kinds?: readonly GroupKind[]): AsyncIterable<SourceGroup>;
  /** Reads groups of one kind. A group that is missing in the snapshot is left out. */
  readGroups(kind: GroupKind, ids: readonly string[]): Promise<readonly RawGroup[]>;
  /**
   * Every row of a table in the snapshot, through a cursor.
   *
   * @param columns those that are read; all when left out
   */
  scan(table: string, columns?: readonly string[]): AsyncIterable<RawRow>;
  /** The number of rows of a table; 0 for one that does not exist. */
  count(table: string): Promise<number>;
  /** Ids of chats in whose messages one of some texts stands. */
  listChatsWith(texts: readonly string[]): Promise<readonly string[]>;
  /** Ids of messages that stand in more than one chat. */
  listRepeatedMessageIds(): Promise<readonly string[]>;
  /** When each user's first chat or document was made, by the user's id. */
  readFirstUses(): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

export type Value = string | number | null;

export interface Statement {
  readonly sql: string;
  readonly params: readonly Value[];
}

/** Home and content are one database until an operator divides them. */
export type DatabaseName = "home" | "content";

/** D1 and R2 of this product, on this machine or in the account. */
export interface Target {
  /** Whether home and content are one database, so that one batch can write to both. */
  readonly isOneDatabase: boolean;
  query<Row>(database: DatabaseName, statement: Statement): Promise<readonly Row[]>;
  /** Runs statements in order, all or none. */
  batch(database: DatabaseName, statements: readonly Statement[]): Promise<void>;
  readonly files: TargetFiles;
  close(): Promise<void>;
}

export interface TargetFiles {
  put(key: string, bytes: Uint8Array, mediaType: string): Promise<void>;
  has(key: string): Promise<boolean>;
  /** null for an object that does not exist. */
  get(key: string): Promise<Uint8Array | null>;
  delete(keys: readonly string[]): Promise<void>;
}

/** Rows of one table as they are stored, by the column's name. */
export interface TableRows {
  readonly table: string;
  readonly database: DatabaseName;
  /** The columns of the primary key. */
  readonly key: readonly string[];
  readonly rows: readonly Readonly<Record<string, Value>>[];
}

/** A group as it is stored. */
export interface ConvertedGroup extends GroupKey {
  /** In the order in which they can be inserted. */
  readonly tables: readonly TableRows[];
  readonly findings: readonly Finding[];
  /** The owner whose search index must learn of the group; null for one without text. */
  readonly userId: string | null;
}

/** Something that the operator should know of a row. */
export interface Finding {
  /** Such as `email-taken`, `part-kept-as-legacy`, `file-missing`. */
  readonly code: string;
  readonly table: string;
  readonly id: string;
  /** A sentence. */
  readonly text: string;
}

/** A file that a row of the source points to, or that a row becomes. */
export interface FileReference {
  /**
   * An `https:` address of a Blob store, a `data:` address, or `overflow:` and a name that changes
   * with the content. The key of its outcome.
   */
  readonly url: string;
  /**
   * The file itself, for the address `overflow:`: what is too large for a row of D1. It is stored
   * whatever the operator says of files.
   */
  readonly content?: string;
  readonly userId: string;
  readonly chatId: string | null;
  readonly name: string;
  readonly mediaType: string | null;
  /** When the row was made that shows it. Without it, the upload is as old as the store's file. */
  readonly createdAt?: number;
}

/** What became of a file. */
export type FileOutcome =
  | {
      readonly state: "stored";
      readonly uploadId: string;
      readonly mediaType: string;
      readonly name: string;
      /** The row of `uploads`, without which no message can show the file. */
      readonly upload: Readonly<Record<string, Value>>;
    }
  /** It stays where it is: `--blob link` or `--blob skip`, or a host that the operator did not name. */
  | { readonly state: "left"; readonly reason: string }
  /** It does not exist any more, or is not what it says. */
  | { readonly state: "missing"; readonly reason: string }
  /** It may come in another run. */
  | { readonly state: "failed"; readonly reason: string };
