/**
 * Durable Objects that know only the calls of a deployed contract, as a busy object does for hours
 * after a deployment. What the contract does not name is lost on the way to them and back, and a
 * method that it does not name is not there.
 */
import { onTestFinished } from "vitest";
import latest from "../deployed-contracts/latest.json";

type JsonSchema = Readonly<Record<string, unknown>>;
type Calls = Readonly<Record<string, { readonly takes: JsonSchema; readonly gives: JsonSchema }>>;

/** The classes of the bindings in wrangler.toml. */
const classes: Readonly<Record<string, string>> = {
  CHAT: "ChatObject",
  USER: "UserObject",
  OPEN_STREAM: "OpenStreamObject",
  SEARCH: "SearchObject",
  PDF: "PdfObject",
  SIGN_IN: "SignInObject",
  GUEST_BUDGET: "GuestBudgetObject",
  SITE_BUDGET: "SiteBudgetObject",
};

/** By object class and method. */
export const deployedCalls: Calls = latest.objects;

let seen: Set<string> | null = null;

/**
 * Lets the worker, and objects that start from now on, reach only objects of the deployed contract,
 * until the end of the test.
 *
 * @returns the calls that were made so far, by class and method
 */
export function startOlderObjects(): ReadonlySet<string> {
  const calls = new Set<string>();
  seen = calls;
  onTestFinished(() => {
    seen = null;
  });
  return calls;
}

/** The bindings as the worker and objects have them in such a test. */
export function withOlderObjects<E extends object>(env: E): E {
  if (!seen) return env;
  return new Proxy(env, {
    get(target, name) {
      const value = Reflect.get(target, name);
      const className = classes[String(name)];
      return className && seen ? olderNamespace(value as DurableObjectNamespace, className) : value;
    },
  });
}

function olderNamespace(namespace: DurableObjectNamespace, className: string) {
  return {
    idFromName: (name: string) => namespace.idFromName(name),
    idFromString: (text: string) => namespace.idFromString(text),
    get: (id: DurableObjectId) => olderStub(namespace.get(id), className),
  };
}

function olderStub(stub: DurableObjectStub, className: string): DurableObjectStub {
  return new Proxy(stub, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      const call = `${className}.${String(name)}`;
      const contract = deployedCalls[call];
      if (!contract) {
        throw new TypeError(`The RPC receiver does not implement the method "${String(name)}".`);
      }
      seen?.add(call);
      // Applied, because `bind` on a stub's method would be a call to the object too.
      const method = (...args: unknown[]) => Reflect.apply(value, target, args);
      if (name === "fetch") return method;
      return async (...args: unknown[]) => {
        const entries = args.map((arg, index) => [`argument ${index + 1}`, arg] as const);
        const taken = narrow(contract.takes, Object.fromEntries(entries), `${call}, takes`);
        const result = await method(...args.map((_, index) => taken[`argument ${index + 1}`]));
        return narrow(contract.gives, result, `${call}, gives`);
      };
    },
  });
}

/**
 * Leaves of a value what a schema names.
 *
 * @throws TypeError when a needed part is not there, or has another type
 */
function narrow<T>(schema: JsonSchema, value: T, path: string): T {
  const alternatives = (schema.anyOf ?? [schema]) as readonly JsonSchema[];
  const refusals: unknown[] = [];
  for (const alternative of alternatives) {
    try {
      return narrowOne(alternative, value, path) as T;
    } catch (error) {
      refusals.push(error);
    }
  }
  throw refusals.length === 1
    ? refusals[0]
    : new TypeError(`${path} has none of its forms: ${refusals.join("; ")}`);
}

function narrowOne(schema: JsonSchema, value: unknown, path: string): unknown {
  // Nothing is expected, so whatever comes is not looked at.
  if (schema.not) return undefined;
  if (schema.enum && !(schema.enum as unknown[]).includes(value)) {
    throw new TypeError(`${path} is ${JSON.stringify(value)}`);
  }
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  if (schema.type !== undefined && schema.type !== type) throw new TypeError(`${path} is ${type}`);
  if (type === "array" && schema.type === "array") {
    const [items, first] = [schema.items as JsonSchema, schema.prefixItems as JsonSchema[]];
    return (value as unknown[]).map((item, index) =>
      narrow(first?.[index] ?? items, item, `${path}[${index}]`),
    );
  }
  return schema.type === "object" ? narrowFields(schema, value as object, path) : value;
}

function narrowFields(schema: JsonSchema, value: object, path: string): unknown {
  const known = schema.properties as Record<string, JsonSchema>;
  const others = schema.additionalProperties as JsonSchema | undefined;
  for (const field of schema.required as string[]) {
    if (!(field in value)) throw new TypeError(`${path}.${field} is missing`);
  }
  const kept: [string, unknown][] = [];
  for (const [field, inner] of Object.entries(value)) {
    const fieldSchema = known[field] ?? others;
    if (!fieldSchema) continue;
    const isLeftOut = inner === undefined;
    kept.push([field, isLeftOut ? inner : narrow(fieldSchema, inner, `${path}.${field}`)]);
  }
  return Object.fromEntries(kept);
}
