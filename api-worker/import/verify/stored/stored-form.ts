/** Brings rows of the target into the form in which they are compared. */
import { hash } from "node:crypto";
import type { Value } from "../../model.ts";
import { byRule } from "../expect/context.ts";
import { storedParts } from "../expect/message-parts.ts";

type Values = Record<string, Value>;

/** In place of an address that was made for a user, because the user's own could not stay. */
export const givenAddress = "(an address made for this user)";

/** @param values of all columns of the table; they are changed */
export function inCommonForm(table: string, values: Values): Values {
  forms[table]?.(values);
  return values;
}

const forms: Readonly<Record<string, (values: Values) => void>> = {
  users: (values) => {
    if (isGiven(String(values.email), String(values.id))) values.email = givenAddress;
  },
  messages: (values) => {
    values.parts = storedParts(String(values.parts));
  },
  // Which chat and message a document is of stands in no row of the source. `document-links.ts`
  // checks it against the messages.
  documents: (values) => {
    values.chatId = byRule;
  },
  documentVersions: (values) => {
    const content = String(values.content);
    const isMadeByMessage = values.messageId !== null;
    if (values.author === (isMadeByMessage ? "model" : "person")) {
      values.author = byRule;
      values.messageId = byRule;
    }
    if (values.contentHash === hash("sha256", content, "hex")) values.contentHash = byRule;
    values.content = contentForm(content);
  },
};

/** Whether an address was made from a user's id: with its first digits, or with the whole id. */
function isGiven(email: string, id: string): boolean {
  const digits = id.replaceAll("-", "");
  const [, added = ""] = /\+([0-9a-z]{8,})@/.exec(email) ?? [];
  return email === `${id}@imported.invalid` || (added !== "" && digits.startsWith(added));
}

/** What a version of a text that is too large for a row begins with at least. */
const beginningLength = 300_000;
const overflowPattern =
  /\n\n… This is the beginning\. The whole text is too large for a document\. (.*)\n$/s;

/** A text that is too large for a row: its beginning, and where the whole text is. */
export function overflowForm(text: string, place: string): string {
  return `too large: ${place}\n${text.slice(0, beginningLength)}`;
}

function contentForm(content: string): string {
  const [, place] = content.length > beginningLength ? (overflowPattern.exec(content) ?? []) : [];
  return place === undefined
    ? content
    : `too large: ${place}\n${content.slice(0, beginningLength)}`;
}
