import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readOptions, UsageError } from "./options.ts";

const from = "postgres://ada:secret@db.example.com/chat";

function read(...args: readonly string[]) {
  return readOptions(["--from", from, "--to", "local", ...args], {});
}

test("the defaults copy everything, and compare it with the source", () => {
  expect(read()).toEqual({
    from,
    to: "local",
    environment: "production",
    blob: "copy",
    blobHosts: ["*.public.blob.vercel-storage.com"],
    since: null,
    zone: "UTC",
    schema: "public",
    run: "import",
    verifyFiles: "source",
    reportDir: resolve("import-report"),
    isConfirmed: false,
  });
});

test("every option is taken", () => {
  const args = [
    ...["--blob", "link", "--blob-host", "Files.Example.com:8080", "--blob-host", "*.example.org"],
    ...["--since", "2026-11-01", "--zone", "Europe/Berlin", "--schema", "chat", "--verify-only"],
    ...["--verify-files", "recorded", "--report", "/reports", "--yes", "--env", "staging"],
  ];
  expect(read(...args)).toMatchObject({
    blob: "link",
    blobHosts: ["*.public.blob.vercel-storage.com", "files.example.com:8080", "*.example.org"],
    since: Date.UTC(2026, 10, 1),
    zone: "Europe/Berlin",
    schema: "chat",
    run: "verify-only",
    verifyFiles: "recorded",
    reportDir: "/reports",
    isConfirmed: true,
    environment: "staging",
  });
});

test("the database may be named by the environment", () => {
  expect(readOptions(["--to", "remote"], { POSTGRES_URL: from })).toMatchObject({
    from,
    to: "remote",
  });
});

test.each([
  ["2026-11-01T08:00:00", "2026-11-01T08:00:00Z"],
  ["2026-11-01 08:00:00+02:00", "2026-11-01T06:00:00Z"],
])("a time without a zone is UTC: %s", (text, time) => {
  expect(read("--since", text)?.since).toBe(Date.parse(time));
});

test("help is given when it is asked for", () => {
  expect(readOptions(["--help"], {})).toBeNull();
});

test.each([
  [["--to", "local"], "--from"],
  [["--from", "mysql://host/db", "--to", "local"], "--from"],
  [["--from", from], "--to"],
  [["--from", from, "--to", "staging"], "--to takes local or remote."],
  [["--from", from, "--to", "remote", "--env", "test"], "--env takes production or staging."],
  [["--from", from, "--to", "local", "--blob", "move"], "--blob takes copy, link or skip."],
  [["--from", from, "--to", "local", "--blob-host", "https://example.com/"], "--blob-host"],
  [["--from", from, "--to", "local", "--blob-host", "*.com"], "--blob-host"],
  [["--from", from, "--to", "local", "--blob-host", "*"], "--blob-host"],
  [["--from", from, "--to", "local", "--since", "yesterday"], "--since"],
  [["--from", from, "--to", "local", "--zone", "Mars/Base"], "--zone"],
  [["--from", from, "--to", "local", "--dry-run", "--verify-only"], "exclude each other"],
  [["--from", from, "--to", "local", "--fast"], "--fast"],
  [["--from", from, "--to", "local", "more"], "more"],
])("%j is refused with the reason", (args, reason) => {
  const refused = () => readOptions(args, {});
  expect(refused).toThrow(UsageError);
  expect(refused).toThrow(reason);
});

test("no refusal repeats the password", () => {
  const wrong = () => readOptions(["--from", "mysql://ada:secret@host/db", "--to", "local"], {});
  expect(wrong).toThrow(/^(?!.*secret)/s);
});
