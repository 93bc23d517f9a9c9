import type { JsonSchema } from "../contract/schema-misfits.ts";

/** Writes JSON Schemas as TypeScript types with comments for their bounds, for people to read. */

/** A type, and what it cannot say: bounds, formats and defaults. */
interface Written {
  readonly type: string;
  readonly notes: readonly string[];
  /** Whether it is several types, which stand in brackets where one is expected. */
  readonly isJoined?: boolean;
}

const lineMaxLength = 88;

/** @returns a type, in several lines if it is long */
export function typeText(schema: JsonSchema): string {
  const { type, notes } = new Writer(schema).write(schema, "");
  return notes.length > 0 ? `${type} // ${notes.join("; ")}` : type;
}

class Writer {
  readonly #root: JsonSchema;
  /** Schemas that contain what is being written. */
  readonly #open: JsonSchema[] = [];

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  write(schema: JsonSchema, indent: string): Written {
    // A schema that contains itself is written once.
    if (this.#open.includes(schema)) return { type: "…", notes: [] };
    this.#open.push(schema);
    const written = this.#write(schema, indent);
    this.#open.pop();
    const isDefault = "default" in schema && schema.default !== undefined;
    const extra = isDefault ? [`default ${JSON.stringify(schema.default)}`] : [];
    return { ...written, notes: [...written.notes, ...extra] };
  }

  #write(schema: JsonSchema, indent: string): Written {
    const yields = schema["x-yields"] as JsonSchema | undefined;
    if (yields) return plain(`AsyncIterable<${this.write(yields, indent).type}>`);
    if (typeof schema.$ref === "string") return this.write(this.#find(schema.$ref), indent);
    if ("const" in schema) return plain(JSON.stringify(schema.const));
    if (Array.isArray(schema.enum)) {
      const types = schema.enum.map((one) => JSON.stringify(one));
      return { type: types.join(" | "), notes: [], isJoined: types.length > 1 };
    }
    const several = (schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
    if (several) return this.#join(several, "|", indent);
    if (schema.allOf) return this.#join(schema.allOf as readonly JsonSchema[], "&", indent);
    if (Array.isArray(schema.type)) {
      const kinds = schema.type.map((type) => ({ ...schema, type }));
      return this.#join(kinds, "|", indent);
    }
    return this.#writeType(schema, indent);
  }

  #find(ref: string): JsonSchema {
    let at: unknown = this.#root;
    for (const key of ref.replace(/^#\/?/, "").split("/").filter(Boolean)) {
      at = (at as Record<string, unknown>)[key];
    }
    return at as JsonSchema;
  }

  #join(schemas: readonly JsonSchema[], by: string, indent: string): Written {
    const parts = schemas.map((one) => this.write(one, indent));
    const types = [...new Set(parts.map(({ type }) => type))];
    const notes = [...new Set(parts.flatMap((part) => part.notes))];
    const line = types.join(` ${by} `);
    const isJoined = types.length > 1;
    if (types.length < 3 || line.length < lineMaxLength) return { type: line, notes, isJoined };
    const inner = `${indent}  `;
    const lines = schemas.map((one) => `\n${inner}${by} ${this.write(one, inner).type}`);
    return { type: [...new Set(lines)].join(""), notes, isJoined };
  }

  #writeType(schema: JsonSchema, indent: string): Written {
    switch (schema.type) {
      case "string":
        return { type: "string", notes: textNotes(schema) };
      case "integer":
        return { type: "number", notes: ["whole", ...range(schema, "minimum", "maximum")] };
      case "number":
        return { type: "number", notes: range(schema, "minimum", "maximum") };
      case "boolean":
      case "null":
        return plain(schema.type);
      case "array":
        return this.#writeArray(schema, indent);
      case "object":
        return this.#writeObject(schema, indent);
      default:
        return plain("unknown");
    }
  }

  #writeArray(schema: JsonSchema, indent: string): Written {
    const items = (schema.items ?? {}) as JsonSchema;
    const { type, notes, isJoined = false } = this.write(items, indent);
    const counts = range(schema, "minItems", "maxItems").map((text) => `${text} items`);
    const each = notes.length > 0 ? [`each: ${notes.join(", ")}`] : [];
    return { type: isJoined ? `(${type})[]` : `${type}[]`, notes: [...counts, ...each] };
  }

  #writeObject(schema: JsonSchema, indent: string): Written {
    const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
    const required = (schema.required ?? []) as readonly string[];
    const rest = schema.additionalProperties;
    if (properties.length === 0) {
      const of = typeof rest === "object" ? this.write(rest as JsonSchema, indent).type : "unknown";
      return plain(rest === false ? "{}" : `Record<string, ${of}>`);
    }
    const inner = `${indent}  `;
    const fields = properties.map(([name, property]) => {
      const { type, notes } = this.write(property, inner);
      const mark = required.includes(name) ? "" : "?";
      return { text: `${name}${mark}: ${type}`, notes };
    });
    if (typeof rest === "object" && Object.keys(rest as object).length === 0) {
      fields.push({ text: "[more: string]: unknown", notes: [] });
    }
    const line = `{ ${fields.map(({ text }) => text).join("; ")} }`;
    const hasNotes = fields.some(({ notes }) => notes.length > 0);
    if (!hasNotes && !line.includes("\n") && indent.length + line.length < lineMaxLength) {
      return plain(line);
    }
    const lines = fields.map(
      ({ text, notes }) => `${inner}${text};${notes.length > 0 ? ` // ${notes.join("; ")}` : ""}`,
    );
    return plain(["{", ...lines, `${indent}}`].join("\n"));
  }
}

function plain(type: string): Written {
  return { type, notes: [] };
}

function textNotes(schema: JsonSchema): string[] {
  const notes = range(schema, "minLength", "maxLength").map((text) => `${text} characters`);
  return typeof schema.format === "string" ? [schema.format, ...notes] : notes;
}

/** Bounds in words. Those of whole numbers as such are no bounds. */
function range(schema: JsonSchema, lowest: string, highest: string): string[] {
  const isBound = (value: unknown): value is number =>
    typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const [low, high] = [schema[lowest], schema[highest]];
  if (isBound(low) && isBound(high)) return [low === high ? `${low}` : `${low} to ${high}`];
  if (isBound(low)) return [`at least ${low}`];
  return isBound(high) ? [`at most ${high}`] : [];
}
