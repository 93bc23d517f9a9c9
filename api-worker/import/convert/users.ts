import { cutText } from "../../src/contracts/cut-text.ts";
import { limits } from "../../src/contracts/limits.ts";
import type { ConvertedGroup, RawGroup, RawRow } from "../model.ts";
import { type ConvertContext, Findings, type Note } from "./context.ts";
import { decideEmails, type EmailDecision, emailUserOf } from "./emails.ts";
import { timeOf } from "./time.ts";
import { isTrue, mended } from "./values.ts";

type UserGroup = Extract<RawGroup, { kind: "user" }>;

/** What a login can check: see `verifyPassword` of the worker. */
const bcryptPattern = /^\$2[aby]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/;

export function convertUser(group: UserGroup, context: ConvertContext): ConvertedGroup {
  const { id, user } = group;
  const findings = new Findings();
  const note = findings.of("User", id);
  const decision = context.emails.get(id) ?? decideAlone(group);
  const { email, isGuest } = decision;
  noteEmail(user, decision, note);
  const usedAt = timeOf(group.firstUsedAt, context.zone);
  const createdAt = timeOf(user.createdAt, context.zone) ?? usedAt ?? 0;
  const isVerified = decision.problem === null && !isGuest && isTrue(user.emailVerified);
  const row = {
    id,
    email,
    passwordHash: isGuest ? null : passwordOf(group, note),
    name: cutText(mended(user.name ?? "").trim(), limits.nameMaxLength).trim() || null,
    isGuest: isGuest ? 1 : 0,
    emailVerifiedAt: isVerified ? createdAt : null,
    createdAt,
  };
  return {
    kind: "user",
    id,
    tables: [{ table: "users", database: "home", key: ["id"], rows: [row] }],
    findings: findings.list,
    userId: null,
  };
}

function decideAlone({ user, firstUsedAt }: UserGroup): EmailDecision {
  const one = emailUserOf(user, firstUsedAt);
  const [decision] = decideEmails([one]).values();
  return decision ?? { email: null, isGuest: true, problem: null };
}

function noteEmail({ email }: RawRow, decision: EmailDecision, note: Note): void {
  const { problem } = decision;
  if (problem === "taken") {
    note(
      "email-taken",
      `${email} is the address of an older account too. This account has ${decision.email} here, with its chats and its password.`,
    );
  }
  if (problem === "invalid") {
    note(
      "email-invalid",
      `${JSON.stringify(email)} is no email address. This account has ${decision.email} here.`,
    );
  }
}

/** The hash as it is, from the row of the user or of its account with a password. */
function passwordOf({ user, accounts = [] }: UserGroup, note: Note): string | null {
  const account = accounts.find(({ providerId, password }) => {
    return (providerId ?? "credential") === "credential" && password;
  });
  const hash = user.password || account?.password || null;
  if (hash === null) return null;
  if (!bcryptPattern.test(hash)) {
    note("password-unreadable", "The password’s hash is not bcrypt’s, so it opens nothing here.");
  }
  return mended(hash);
}
