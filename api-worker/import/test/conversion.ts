/** Makes groups of the source, and converts them, for tests. */
import { documentKindSchema } from "../../src/contracts/documents.ts";
import { isPictureType } from "../../src/contracts/uploads.ts";
import type { ConvertContext, Outcomes } from "../convert/context.ts";
import { collectFiles, convertGroup } from "../convert/convert-group.ts";
import { noLinks } from "../convert/documents/links.ts";
import type {
  ConvertedGroup,
  FileOutcome,
  RawGroup,
  RawRow,
  SourceShape,
  Value,
} from "../model.ts";

type GroupOf<Kind extends RawGroup["kind"]> = Extract<RawGroup, { kind: Kind }>;

export const ada = "0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a";
export const chatId = "c0c0c0c0-c0c0-4c0c-8c0c-c0c0c0c0c0c0";
export const documentId = "d0d0d0d0-d0d0-4d0d-8d0d-d0d0d0d0d0d0";

/** A UUID that says which one it is. */
export const uuid = (number: number) =>
  `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;

const columns = (...names: readonly string[]) =>
  names.map((name) => ({ name, type: "text", baseType: "text", isNullable: true }));

export const shape: SourceShape = {
  schema: "public",
  tables: new Map([
    [
      "Chat",
      {
        name: "Chat",
        columns: columns("id", "createdAt", "title", "userId", "visibility"),
        primaryKey: ["id"],
      },
    ],
  ]),
  description: "a test's",
  messageForms: ["v2"],
  documentKindColumn: "text",
  unknownTables: [],
  legacyTables: [],
  unknownColumns: [],
};

export const contextOf = (changes: Partial<ConvertContext> = {}): ConvertContext => ({
  shape,
  zone: "UTC",
  emails: new Map(),
  links: noLinks,
  userIds: new Set([ada]),
  repeatedMessageIds: new Set(),
  ...changes,
});

/** A time of one day, by the second. */
export const at = (second: number) =>
  new Date(Date.UTC(2024, 4, 1, 10, 0, second)).toISOString().replace("T", " ").replace("Z", "");

export const msAt = (second: number) => Date.UTC(2024, 4, 1, 10, 0, second);

export function messageRow(
  number: number,
  role: string,
  parts: unknown,
  { second = number, attachments = [] as unknown } = {},
): RawRow {
  return {
    ...{ id: uuid(number), chatId, role, createdAt: at(second) },
    ...{ parts: JSON.stringify(parts), attachments: JSON.stringify(attachments) },
  };
}

export function oldRow(number: number, role: string, content: unknown, second = number): RawRow {
  return {
    id: uuid(number),
    chatId,
    role,
    content: JSON.stringify(content),
    createdAt: at(second),
  };
}

export function chatGroup(changes: Partial<GroupOf<"chat">> = {}): GroupOf<"chat"> {
  const { chat, ...rest } = changes;
  return {
    kind: "chat",
    id: chatId,
    chat: {
      ...{ id: chatId, userId: ada, title: "Tea", visibility: "private", createdAt: at(0) },
      ...chat,
    },
    ...{ messages: [], oldMessages: [], votes: [], oldVotes: [] },
    ...rest,
  };
}

export function documentRow(second: number, content: string | null, changes: RawRow = {}): RawRow {
  const row = { id: documentId, createdAt: at(second), title: "Poem", content, userId: ada };
  return { ...row, text: documentKindSchema.enum.text, ...changes };
}

export function documentGroup(
  versions: readonly RawRow[],
  suggestions: readonly RawRow[] = [],
): GroupOf<"document"> {
  return { kind: "document", id: documentId, versions, suggestions };
}

/** The outcome of a file that is stored. */
export function stored(number: number, mediaType = "image/png", userId = ada): FileOutcome {
  const id = uuid(number);
  const size = isPictureType(mediaType) ? { width: 3, height: 2 } : { width: null, height: null };
  const upload = {
    ...{ userId, id, chatId: null, name: `${number}.png`, mediaType, bytes: 12, sha256: "00" },
    ...{ ...size, state: "ready", createdAt: 1 },
  };
  return { state: "stored", uploadId: id, mediaType, name: `${number}.png`, upload };
}

/** Stores every file that a group asks for, with ids from 1000 on. */
export function storeAll(
  group: Parameters<typeof collectFiles>[0],
  context = contextOf(),
): Outcomes {
  return new Map(
    collectFiles(group, context).map((file, index) => [
      file.url,
      stored(1_000 + index, file.mediaType ?? "image/png"),
    ]),
  );
}

type Row = Readonly<Record<string, Value>>;

/** A converted group by its tables. */
export function rowsOf(group: ConvertedGroup, table: string): readonly Row[] {
  return group.tables.filter((one) => one.table === table).flatMap(({ rows }) => rows);
}

export const codesOf = ({ findings }: ConvertedGroup) => findings.map(({ code }) => code);

export interface TestMessage {
  readonly id: string;
  readonly parentId: string | null;
  readonly role: string;
  readonly createdAt: number;
  readonly parts: readonly { readonly type: string; readonly [field: string]: unknown }[];
}

export function messagesOf(group: ConvertedGroup): TestMessage[] {
  return rowsOf(group, "messages").map((row) => ({
    ...(row as unknown as TestMessage),
    parts: JSON.parse(String(row.parts)),
  }));
}

/** Converts a chat with every file stored. */
export function convertChat(
  changes: Partial<GroupOf<"chat">>,
  context = contextOf(),
  outcomes?: Outcomes,
): ConvertedGroup {
  const group = chatGroup(changes);
  return convertGroup(group, context, outcomes ?? storeAll(group, context));
}

/** The parts that an answer with these parts of the source gets. */
export function convertParts(...parts: readonly unknown[]) {
  const converted = convertChat({ messages: [messageRow(1, "assistant", parts)] });
  return { parts: messagesOf(converted)[0]?.parts ?? [], converted };
}
