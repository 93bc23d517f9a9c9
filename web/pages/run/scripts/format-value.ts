/** Items of an object or array that are shown, and levels of nesting. */
const itemsMax = 100;
const depthMax = 4;
const textMax = 10_000;

/** Formats the arguments of a call of `console.log`. */
export function formatArguments(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === "string" ? value : formatValue(value))).join(" ");
}

/** Formats a value for people, as the consoles of browsers do. */
export function formatValue(value: unknown): string {
  try {
    return format(value, 0, new Set());
  } catch {
    // A getter or a proxy of what runs has thrown.
    return "[cannot be shown]";
  }
}

function format(value: unknown, depth: number, above: Set<object>): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, textMax));
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `[function ${value.name || "(anonymous)"}]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Error) return formatError(value);
  if (value instanceof Date || value instanceof RegExp) return String(value);
  if (above.has(value)) return "[circular]";
  if (depth >= depthMax) return Array.isArray(value) ? "[…]" : "{…}";
  const inside = new Set(above).add(value);
  const inner = (item: unknown) => format(item, depth + 1, inside);
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    const items = Array.from(value as ArrayLike<unknown>).slice(0, itemsMax);
    return `[${list(items.map(inner), (value as ArrayLike<unknown>).length)}]`;
  }
  if (value instanceof Map) {
    const items = [...value]
      .slice(0, itemsMax)
      .map(([key, item]) => `${inner(key)} => ${inner(item)}`);
    return `Map(${value.size}) {${list(items, value.size)}}`;
  }
  if (value instanceof Set) {
    return `Set(${value.size}) {${list([...value].slice(0, itemsMax).map(inner), value.size)}}`;
  }
  const keys = Object.keys(value);
  const name = value.constructor?.name ?? "";
  const items = keys.slice(0, itemsMax).map((key) => `${key}: ${inner((value as never)[key])}`);
  return `${name && name !== "Object" ? `${name} ` : ""}{${list(items, keys.length)}}`;
}

function list(items: readonly string[], count: number): string {
  const rest = count > items.length ? [`… ${count - items.length} more`] : [];
  return [...items, ...rest].join(", ");
}

/** The error with its stack, without the addresses of the files that run it. */
export function formatError(error: unknown): string {
  if (!(error instanceof Error)) return `Uncaught ${formatValue(error)}`;
  const headline = `${error.name}: ${error.message}`;
  const lines = [...(error.stack ?? "").matchAll(/^\s+at (.*)$/gm)].map(([, place = ""]) => place);
  const own = lines.flatMap((place) => {
    const [, name, line, column] =
      /^(?:(?:async )?(\S+) \()?\S*main\.js:(\d+):(\d+)\)?$/.exec(place) ?? [];
    const caller = name && name !== "eval" ? `${name}, ` : "";
    return line ? [`    at ${caller}line ${line}:${column}`] : [];
  });
  return [headline, ...own.slice(0, 20)].join("\n");
}
