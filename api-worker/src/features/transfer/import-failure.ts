/** Why a chat of a file cannot be imported, in words for the person who chose the file. */
export class ImportFailure extends Error {
  override readonly name = "ImportFailure";
}
