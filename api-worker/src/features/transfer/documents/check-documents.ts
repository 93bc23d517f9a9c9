import { limits } from "../../../contracts/limits.ts";
import type { ExportedDocument } from "../../../contracts/transfer.ts";
import { ImportFailure } from "../read/import-failure.ts";

/**
 * Checks the documents of an imported chat for what their schema does not say.
 *
 * @throws ImportFailure with the problem, worded for the person who chose the file
 */
export function checkDocuments(documents: readonly ExportedDocument[]): void {
  const ids = new Set(documents.map(({ id }) => id));
  if (ids.size < documents.length) throw new ImportFailure("Two documents have the same id.");
  const count = documents.reduce((sum, { versions }) => sum + versions.length, 0);
  if (count > limits.importVersionsMax) {
    throw new ImportFailure(
      `The documents of a chat can have up to ${limits.importVersionsMax} versions.`,
    );
  }
  for (const { versions } of documents) {
    if (versions.some(({ version }, index) => version <= (versions[index - 1]?.version ?? 0))) {
      throw new ImportFailure("The versions of a document are not in order.");
    }
  }
}
