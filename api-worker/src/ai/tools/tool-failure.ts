/** A tool call that failed. The message is shown to the reader and told to the model. */
export class ToolFailure extends Error {
  override readonly name = "ToolFailure";
}
