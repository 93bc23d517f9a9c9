import type { AnyRouter } from "@trpc/server";
import { z } from "zod";
import { sha256Hex } from "./platform/sha256.ts";
import { yieldSchemaOf } from "./platform/tracked-iterable.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

/** A procedure as its clients know it. */
export interface ProcedureContract {
  readonly kind: "query" | "mutation" | "subscription";
  /** null for a procedure without input. */
  readonly input: JsonSchema | null;
  /** Whether a client may send no input at all. */
  readonly isInputOptional: boolean;
  readonly output: JsonSchema;
}

/** The part of tRPC's procedures that the router's type does not show. */
interface ProcedureDef {
  readonly type: ProcedureContract["kind"];
  readonly inputs: readonly z.ZodType[];
  readonly output?: z.ZodType;
}

/**
 * Describes a router for programs that do not share its types.
 *
 * @returns the procedures by their paths, in the order of the paths
 * @throws Error for a procedure without an output schema
 */
export function contractOf(router: AnyRouter): Record<string, ProcedureContract> {
  const procedures = router._def.procedures as unknown as Record<string, { _def: ProcedureDef }>;
  return Object.fromEntries(
    Object.keys(procedures)
      .sort()
      .map((path) => [path, describe(path, (procedures[path] as { _def: ProcedureDef })._def)]),
  );
}

function describe(path: string, { type, inputs, output }: ProcedureDef): ProcedureContract {
  if (!output) throw new Error(`The procedure ${path} has no output schema.`);
  const [input, ...others] = inputs.map((schema) => toJsonSchema(schema, "input"));
  return {
    kind: type,
    input: input && others.length > 0 ? { allOf: [input, ...others] } : (input ?? null),
    isInputOptional: inputs.every((schema) => schema.safeParse(undefined).success),
    output: toJsonSchema(output, "output"),
  };
}

function toJsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    // Like a form's data, which has no schema.
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const yields = yieldSchemaOf(zodSchema);
      if (yields) Object.assign(jsonSchema, { "x-yields": toJsonSchema(yields, io) });
    },
  });
  return rest;
}

/**
 * Names a contract: two routers have the same version if, and only if, they look the same to their
 * clients.
 *
 * @returns 16 hex digits
 */
export function versionOfContract(contract: Record<string, ProcedureContract>): string {
  return sha256Hex(JSON.stringify(sortKeys(contract))).slice(0, 16);
}

/** The order of fields, of values and of names is no part of a contract. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === "string")
      ? [...value].sort()
      : value.map(sortKeys);
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, field]) => [key, sortKeys(field)]));
}
