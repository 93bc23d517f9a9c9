/** A failure that the operator can act on: printed as its sentence, without a stack. */
export class ImportFailure extends Error {
  override readonly name = "ImportFailure";
}
