import type { JsonSchema } from "./schema-misfits.ts";

/** A procedure of the API. */
export interface Procedure {
  readonly kind: "query" | "mutation" | "subscription";
  /** null for a procedure without input. */
  readonly input: JsonSchema | null;
  /** Whether a client may send no input at all. */
  readonly isInputOptional: boolean;
  readonly output: JsonSchema;
}

/** A call of a Durable Object, or what else passes to it (`takes`) and from it (`gives`). */
export interface ObjectCall {
  readonly takes: JsonSchema;
  readonly gives: JsonSchema;
}

/** What the worker and the web app say to each other. */
export interface WebContract {
  /** Names the procedures, as the worker itself does: `versionOfContract`. */
  readonly version: string;
  /** By path, like `chats.list`. */
  readonly procedures: Readonly<Record<string, Procedure>>;
}

/** What all separately deployed parts say to each other. */
export interface Contract extends WebContract {
  /** By class and method, like `ChatObject.start`. */
  readonly objects: Readonly<Record<string, ObjectCall>>;
}

/** A contract that was deployed. */
export interface Snapshot extends Contract {
  /** Date of its deployment, like `2026-11-29`. */
  readonly deployedOn: string;
}
