/** HTML in which every value is escaped that is not HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = Html | string | readonly (Html | string)[];

/** A template whose values are escaped, except those that are {@link Html}. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  const parts = strings.map((text, index) => {
    const value = values[index];
    return value === undefined ? text : text + textOf(value);
  });
  return new Html(parts.join(""));
}

export function element(name: "span" | "small", text: string): Html {
  return new Html(`<${name}>${escaped(text)}</${name}>`);
}

export function join(parts: readonly (Html | string)[]): Html {
  return new Html(parts.map(textOf).join("\n"));
}

function textOf(value: Content): string {
  if (value instanceof Html) return value.text;
  return typeof value === "string" ? escaped(value) : value.map(textOf).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text, and shows characters that have no shape or turn the direction of the line. */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be shown
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (sign) => {
        return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
      })
  );
}
