/** What converting a group needs to know of other groups. */
import type { FileOutcome, Finding, SourceShape } from "../model.ts";
import type { DocumentLinks } from "./documents/links.ts";
import type { EmailDecision } from "./emails.ts";

export interface ConvertContext {
  readonly shape: SourceShape;
  /** The IANA name of the zone of times without one. */
  readonly zone: string;
  /** By user id. */
  readonly emails: ReadonlyMap<string, EmailDecision>;
  /** Which calls of which messages have made which versions of documents. */
  readonly links: DocumentLinks;
  /** Ids of the source's users. */
  readonly userIds: ReadonlySet<string>;
  /**
   * Ids of messages that stand in more than one chat. Such a message keeps its id in `Message_v2`
   * alone.
   */
  readonly repeatedMessageIds: ReadonlySet<string>;
}

/** What became of files, by their address. */
export type Outcomes = ReadonlyMap<string, FileOutcome>;

/** Adds a finding of one row. */
export type Note = (code: string, text: string) => void;

/** Collects the findings of a group. */
export class Findings {
  readonly list: Finding[];

  /** @param earlier findings of the same group */
  constructor(earlier: readonly Finding[] = []) {
    this.list = [...earlier];
  }

  /** Makes the function that adds findings of one row. */
  of(table: string, id: string): Note {
    return (code, text) => {
      this.list.push({ code, table, id, text });
    };
  }
}
