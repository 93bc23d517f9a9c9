import { cutText } from "../../../src/contracts/cut-text.ts";
import { limits } from "../../../src/contracts/limits.ts";
import { hasSuggestions } from "../../../src/contracts/suggestion-kinds.ts";
import type { RawRow, TableRows } from "../../model.ts";
import type { Findings, Note } from "../context.ts";
import { keptId } from "../ids.ts";
import { microsOf, toMs } from "../time.ts";
import { isTrue, mended } from "../values.ts";
import type { ReadDocument } from "./read-documents.ts";

/** What a file of an export holds of an open suggestion, so that it can be imported again. */
const originalMax = 4_000;
const proposedMax = 8_000;
const reasonMax = 1_000;

interface StoredDocument {
  readonly document: ReadDocument;
  /** By version, from the first. */
  readonly contents: readonly string[];
}

type SuggestionRow = TableRows["rows"][number] & { state: string; readonly createdAt: number };

/**
 * The suggestions of a document. One that can point to nothing in its version is rejected, so that no
 * card stands beside the text for it; so are the oldest, where more are open than the product shows.
 */
export function convertSuggestions(
  rows: readonly RawRow[],
  documents: readonly StoredDocument[],
  zone: string,
  findings: Findings,
): TableRows["rows"] {
  const converted: SuggestionRow[] = [];
  for (const row of rows) {
    const note = findings.of("Suggestion", row.id ?? "");
    const place = placeOf(row, documents, zone, note);
    if (place) converted.push(convert(row, place, zone, note));
  }
  closeOldest(converted, findings);
  return converted;
}

interface Place {
  readonly stored: StoredDocument;
  /** From 0. */
  readonly index: number;
}

/** The version that a suggestion was made for: that of its time, otherwise the one before. */
function placeOf(
  row: RawRow,
  documents: readonly StoredDocument[],
  zone: string,
  note: Note,
): Place | null {
  const micros = microsOf(row.documentCreatedAt, zone);
  for (const stored of documents) {
    const index = stored.document.versions.findIndex(
      (one) => micros !== null && one.micros === micros,
    );
    if (index >= 0) return { stored, index };
  }
  const own = documents.find(({ document }) => document.userId === row.userId) ?? documents[0];
  if (!own) return null;
  const { versions } = own.document;
  const before = versions.findLastIndex((one) => (one.micros ?? 0) <= (micros ?? Infinity));
  note("suggestion-version", "Its version does not exist. It belongs to the one before.");
  return { stored: own, index: Math.max(before, 0) };
}

function convert(row: RawRow, { stored, index }: Place, zone: string, note: Note): SuggestionRow {
  const { document, contents } = stored;
  const original = mended(row.originalText ?? "");
  const proposed = mended(row.suggestedText ?? "");
  const start = (contents[index] ?? "").indexOf(original);
  const kind = document.versions.at(-1)?.kind ?? "text";
  const problem = isTrue(row.isResolved)
    ? null
    : problemOf(original, proposed, start, hasSuggestions(kind));
  if (problem !== null) note("suggestion-closed", `${problem} It is kept as rejected.`);
  const reason = mended(row.description ?? "");
  if (reason.length > reasonMax)
    note("reason-cut", `The first ${reasonMax} characters of its reason are kept.`);
  const version = document.versions[index];
  const id = row.id ?? "";
  return {
    ...{ userId: document.userId, documentId: document.id, id: keptId(id, "suggestion") },
    ...{ version: index + 1, messageId: null, original, start: Math.max(start, 0), proposed },
    reason: cutText(reason, reasonMax),
    state: isTrue(row.isResolved) ? "accepted" : problem === null ? "open" : "rejected",
    createdAt: toMs(microsOf(row.createdAt, zone) ?? version?.micros ?? 0),
  };
}

/** Why a suggestion cannot be shown; null for one that can. */
function problemOf(
  original: string,
  proposed: string,
  start: number,
  canBeShown: boolean,
): string | null {
  if (!canBeShown) return "Documents of its kind show no suggestions.";
  if (original === "" || start < 0) return "Its original text is not in its version.";
  const isLong = original.length > originalMax || proposed.length > proposedMax;
  return isLong ? "Its text is too long for a card." : null;
}

/** Leaves open as many suggestions of each user's document as the product shows, the newest. */
function closeOldest(rows: readonly SuggestionRow[], findings: Findings): void {
  const open = rows.filter(({ state }) => state === "open");
  for (const its of Map.groupBy(open, ({ userId }) => userId).values()) {
    const newestFirst = its.sort((a, b) => b.createdAt - a.createdAt);
    for (const row of newestFirst.slice(limits.openSuggestionsMax)) {
      row.state = "rejected";
      const note = findings.of("Suggestion", String(row.id));
      note(
        "suggestion-closed",
        `More than ${limits.openSuggestionsMax} were open. It is kept as rejected.`,
      );
    }
  }
}
