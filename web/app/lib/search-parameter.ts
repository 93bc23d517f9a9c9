/**
 * Sets one parameter in the query of an address.
 *
 * @param search the query with its question mark, or an empty string
 * @param value null removes the parameter
 * @returns the new query, in the same form
 */
export function withParameter(search: string, name: string, value: string | null): string {
  const parameters = new URLSearchParams(search);
  if (value === null) parameters.delete(name);
  else parameters.set(name, value);
  // A colon is allowed in a query, and easier to read.
  const text = parameters.toString().replaceAll("%3A", ":");
  return text && `?${text}`;
}
