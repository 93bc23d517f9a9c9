/** A failure of the source that the operator can act on. Its message never has the password. */
export class SourceError extends Error {
  override name = "SourceError";
}

/** Words for what Postgres or the network says, by its code. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Nothing answers at this address. Check the host and the port.",
  ENOTFOUND: "The host’s name is not known. Check the address.",
  EAI_AGAIN: "The host’s name could not be looked up. Check the network.",
  ETIMEDOUT: "The host does not answer. Check the address and the database’s allowed addresses.",
  "28P01": "The user name or the password is wrong.",
  "28000":
    "This user may not log in. Check the user, and whether the server asks for TLS (add ?sslmode=require).",
  "3D000": "There is no database of this name.",
  "53300":
    "The database has no connection left. Try again later, or use a direct address instead of a pool.",
  "57P03": "The database is starting. Try again in a minute.",
  "42501":
    "This user may not read a table. Grant it: GRANT SELECT ON ALL TABLES IN SCHEMA public TO the user.",
};

/** Says what to do about a failure of the source. */
export function toSourceError(error: unknown, host: string): SourceError {
  if (error instanceof SourceError) return error;
  const { code, message } = error as { code?: string; message?: string };
  const reason = (code && reasons[code]) ?? message ?? String(error);
  const detail = code === "42501" && message ? ` (${message})` : "";
  return new SourceError(`The old database at ${host} cannot be read: ${reason}${detail}`);
}
