/** The reason why a chat cannot be imported, worded for the person who chose the file. */
export class ImportFailure extends Error {
  override readonly name = "ImportFailure";
}
