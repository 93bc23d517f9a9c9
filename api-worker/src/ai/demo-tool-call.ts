/** A call of a tool by the demo model. */
export interface DemoToolCall {
  readonly toolName: string;
  readonly input: Readonly<Record<string, unknown>>;
}
