/** The value of a choice that leaves a setting at its default. */
export const defaultChoice = "default";

/** The name of the field with a limit's amount. */
export function amountName(name: string): string {
  return `${name} amount`;
}

/**
 * Reads a limit from a form. What the server refuses is not checked here.
 *
 * @param toUnit converts what was entered
 * @returns null for no limit; undefined for the default
 */
export function readLimit(
  form: FormData,
  name: string,
  toUnit: (text: string) => number,
): number | null | undefined {
  switch (form.get(name)) {
    case "none":
      return null;
    case "number":
      return toUnit(String(form.get(amountName(name)) ?? ""));
    default:
      return undefined;
  }
}
