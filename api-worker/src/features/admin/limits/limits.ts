/** The limits of roles and of users, as administrators see and change them. */
import type { LimitName } from "db";
import type { z } from "zod";
import type { Context, UserContext } from "../../../context.ts";
import {
  type EditedLimitName,
  editedLimitNames,
  type LimitRole,
  type LimitsChange,
  type LimitsOutput,
  limitRoles,
  limitTexts,
  type RoleLimitsOutput,
  type updateRoleLimitsInput,
  type updateUserLimitsInput,
  type userLimitsInput,
} from "../../../contracts/admin-limits.ts";
import { dollarsText } from "../../../platform/dollars-text.ts";
import { sizeText } from "../../../platform/size-text.ts";
import { adminEvent } from "../../audit/admin-event.ts";
import type { AuditEvent } from "../../audit/record-event.ts";
import { type Limits, limitsOf } from "../../limits/limits-of.ts";
import { findTarget } from "../users/find-target.ts";
import { type LimitSubject, listRoleLimits, listUserLimits, storeLimits } from "./queries.ts";

type Stored = LimitsOutput["stored"];

/** Reads what is set for each role, and the defaults of `wrangler.toml`. */
export async function getRoleLimits({
  env,
  home,
}: Pick<Context, "env" | "home">): Promise<RoleLimitsOutput> {
  const rows = await listRoleLimits(home);
  return {
    roles: limitRoles.map((role) => ({
      role,
      stored: storedIn(rows.filter((row) => row.role === role)),
      defaults: defaultsFor(env, role, {}),
    })),
  };
}

/**
 * Reads what is set for a user, and what the user's role has.
 *
 * @throws AppError NOT_FOUND
 */
export async function getUserLimits(
  ctx: UserContext,
  { userId }: z.infer<typeof userLimitsInput>,
): Promise<LimitsOutput> {
  const { user } = await findTarget(ctx, userId);
  const role = user.isGuest === 1 ? "guest" : user.role;
  const [own, rows] = await Promise.all([
    listUserLimits(ctx.home, userId),
    listRoleLimits(ctx.home),
  ]);
  const ofRole = storedIn(rows.filter((row) => row.role === role));
  return { stored: storedIn(own), defaults: defaultsFor(ctx.env, role, ofRole) };
}

function storedIn(rows: readonly { readonly name: LimitName; readonly value: number | null }[]) {
  const stored: Stored = {};
  for (const { name, value } of rows) if (isEdited(name)) stored[name] = value;
  return stored;
}

function isEdited(name: LimitName): name is EditedLimitName {
  return editedLimitNames.some((edited) => edited === name);
}

function defaultsFor(env: Env, role: LimitRole, ofRole: Stored): LimitsOutput["defaults"] {
  const facts = { isGuest: role === "guest", storedLimits: ofRole };
  return toOutput(limitsOf(env, facts));
}

function toOutput({ day, storage }: Limits): LimitsOutput["defaults"] {
  return {
    messagesPerDay: day.messages,
    tokensPerDay: day.tokens,
    costPerDayNanos: day.costNanos ?? null,
    costPerMonthNanos: day.monthCostNanos ?? null,
    storageMaxBytes: storage.maxBytes,
    storageMaxMessages: storage.maxMessages,
  };
}

/** Changes limits of everyone with a role. They are in force for the next request of each. */
export async function updateRoleLimits(
  ctx: UserContext,
  { role, ...change }: z.infer<typeof updateRoleLimitsInput>,
): Promise<RoleLimitsOutput> {
  await update(ctx, { role }, change, { targetType: "role", targetId: role, ownerId: null });
  return getRoleLimits(ctx);
}

/**
 * Changes limits of a user. They are in force for the user's next request.
 *
 * @throws AppError NOT_FOUND
 */
export async function updateUserLimits(
  ctx: UserContext,
  { userId, ...change }: z.infer<typeof updateUserLimitsInput>,
): Promise<LimitsOutput> {
  await findTarget(ctx, userId);
  const target = { targetType: "user", targetId: userId, ownerId: userId } as const;
  await update(ctx, { userId }, change, target);
  return getUserLimits(ctx, { userId });
}

async function update(
  ctx: UserContext,
  subject: LimitSubject,
  { set, reset, reason }: LimitsChange,
  target: Pick<AuditEvent, "targetType" | "targetId" | "ownerId">,
): Promise<void> {
  const changes = {
    set: editedLimitNames.flatMap((name) => {
      const value = set[name];
      return value === undefined ? [] : [{ name, value }];
    }),
    reset: reset.filter((name) => set[name] === undefined),
  };
  const details: Record<string, unknown> = {};
  for (const { name, value } of changes.set) details[name] = wordsFor(name, value);
  for (const name of changes.reset) details[name] = "default";
  if (Object.keys(details).length === 0) return;
  const event = adminEvent(ctx, { ...target, action: "limits.update", reason, details });
  await storeLimits(ctx.home, subject, changes, event);
}

/** A limit for people to read. */
function wordsFor(name: EditedLimitName, value: number | null): string | number {
  if (value === null) return "no limit";
  switch (limitTexts[name].unit) {
    case "dollars":
      return dollarsText(value);
    case "megabytes":
      return sizeText(value);
    case "count":
      return value;
  }
}
