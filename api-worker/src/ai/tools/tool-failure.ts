import { InvalidToolInputError, type ModelMessage, NoSuchToolError, type ToolSet } from "ai";

/** A tool call that failed. The message is shown to the reader and told to the model. */
export class ToolFailure extends Error {
  override readonly name = "ToolFailure";
}

const noSuchTool = "This tool doesn’t exist.";
const invalidInput = "The tool was called with invalid input.";
const unexpected = "The tool failed unexpectedly.";

/** The sentence for a tool that failed or was called wrongly; null for any other error. */
export function describeToolError(error: unknown): string | null {
  if (error instanceof ToolFailure) return error.message;
  if (NoSuchToolError.isInstance(error)) return noSuchTool;
  if (InvalidToolInputError.isInstance(error)) return invalidInput;
  return null;
}

/**
 * Makes every failure of tools a {@link ToolFailure}. Errors of libraries and services have words
 * that are for neither readers nor models: hosts, paths, pieces of data.
 *
 * @param report gets what a tool threw, unless that was a failure of its own
 */
export function withOwnFailures(
  tools: ToolSet,
  report: (toolName: string, error: unknown) => void,
): ToolSet {
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => {
      const { execute } = tool;
      if (!execute) return [name, tool];
      const executeSafely: typeof execute = async (input, options) => {
        try {
          return await execute(input, options);
        } catch (error) {
          if (error instanceof ToolFailure || options.abortSignal?.aborted) throw error;
          report(name, error);
          throw new ToolFailure(unexpected);
        }
      };
      return [name, { ...tool, execute: executeSafely }];
    }),
  );
}

/**
 * Replaces what the AI SDK tells a model of calls that could not be made: its texts have the names
 * of all tools, and what a parser complained about.
 */
export function inOwnWords(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.map((message) => {
    if (message.role !== "tool") return message;
    const content = message.content.map((part) => {
      if (part.type !== "tool-result" || part.output.type !== "error-text") return part;
      return { ...part, output: { ...part.output, value: ownWords(part.output.value) } };
    });
    return { ...message, content };
  });
}

function ownWords(text: string): string {
  if (text.startsWith("AI_NoSuchToolError: ")) return noSuchTool;
  if (text.startsWith("AI_InvalidToolInputError: ")) return invalidInput;
  return text.replace(/^ToolFailure: /, "");
}
