/** A tool that could not do its work. The message is for the reader, and for the model. */
export class ToolFailure extends Error {
  override readonly name = "ToolFailure";
}
