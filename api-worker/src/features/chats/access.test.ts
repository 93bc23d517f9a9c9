import { expect, test } from "vitest";
import { AppError } from "../../errors.ts";
import { type ChatAccess, chatAccess, requireChatAccess } from "./access.ts";

const owner = { userId: "owner" };
const other = { userId: "other" };

const table = [
  { viewer: owner, visibility: "private", access: "own" },
  { viewer: owner, visibility: "public", access: "own" },
  { viewer: other, visibility: "private", access: "none" },
  { viewer: other, visibility: "public", access: "read" },
] as const;

test.each(table)("$viewer.userId has access $access to a $visibility chat", (row) => {
  expect(chatAccess(row.viewer, { userId: "owner", visibility: row.visibility })).toBe(row.access);
});

/** The outcome for a viewer's access, by the access needed. */
const verdicts: Record<ChatAccess, { read: string; own: string }> = {
  none: { read: "NOT_FOUND", own: "NOT_FOUND" },
  read: { read: "passes", own: "FORBIDDEN" },
  own: { read: "passes", own: "passes" },
};

test.each(table)("of a $visibility chat $viewer.userId learns no more than $access", (row) => {
  const chat = { userId: "owner", visibility: row.visibility };
  for (const needed of ["read", "own"] as const) {
    expect(verdict(() => requireChatAccess(row.viewer, chat, needed))).toBe(
      verdicts[row.access][needed],
    );
  }
});

test("a chat that is not there is answered like one that may not be known", () => {
  const missing = failure(() => requireChatAccess(other, undefined, "own"));
  const hidden = failure(() =>
    requireChatAccess(other, { userId: "owner", visibility: "private" }, "own"),
  );
  expect(missing?.code).toBe("NOT_FOUND");
  expect({ ...missing, message: missing?.message }).toEqual({
    ...hidden,
    message: hidden?.message,
  });
});

function failure(check: () => unknown): AppError | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

function verdict(check: () => unknown): string {
  return failure(check)?.code ?? "passes";
}
