import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { type Caller, callerFor } from "../../../../test/callers.ts";
import { errorOf } from "../../../../test/client.ts";
import { newId } from "../../../platform/ids.ts";

const mebibyte = 1024 * 1024;
afterEach(() => env.HOME.prepare("DELETE FROM ownerLimits").run());

const limitsOf = ({ api }: Caller) => api.admin.limits;
const usageOf = ({ api }: Caller) => api.account.usage.query({});
const none = { costPerDayNanos: null, costPerMonthNanos: null };
const forAccounts = {
  ...{ messagesPerDay: 100, tokensPerDay: null, ...none },
  ...{ storageMaxBytes: 1_000 * mebibyte, storageMaxMessages: 200_000 },
};

test("without a change each role has the limits of wrangler.toml", async () => {
  const admin = await callerFor("admin");
  expect(await limitsOf(admin).roles.query()).toEqual({
    roles: [
      {
        role: "guest",
        stored: {},
        defaults: {
          ...{ messagesPerDay: 20, tokensPerDay: null, ...none },
          ...{ storageMaxBytes: 50 * mebibyte, storageMaxMessages: 2_000 },
        },
      },
      { role: "user", stored: {}, defaults: forAccounts },
      { role: "admin", stored: {}, defaults: forAccounts },
    ],
  });
});

test("a role's limits and a user's own are in force for the next request, and in the log", async () => {
  const [admin, guest, owner] = await Promise.all([
    callerFor("admin"),
    callerFor("guest"),
    callerFor("owner"),
  ]);
  const { updateRole, updateUser, user } = limitsOf(admin);
  const set = { messagesPerDay: 7, costPerDayNanos: 2_500_000_000, storageMaxBytes: 2 * mebibyte };
  await updateRole.mutate({ role: "user", set, reason: "A test" });
  const usage = await usageOf(owner);
  expect(usage.today).toMatchObject({
    messages: { max: 7 },
    tokens: { max: null },
    cost: { used: 0, max: 2_500_000_000, left: 2_500_000_000 },
  });
  expect(usage.storage.maxBytes).toBe(2 * mebibyte);
  for (const other of [guest, admin]) expect((await usageOf(other)).today.cost.max).toBeNull();

  const { id: userId } = owner.user;
  const changed = await updateUser.mutate({
    userId,
    set: { messagesPerDay: null, costPerMonthNanos: 10_000_000 },
  });
  const defaults = { ...forAccounts, ...set };
  const stored = { messagesPerDay: null, costPerMonthNanos: 10_000_000 };
  expect(changed).toEqual({ stored, defaults });
  expect(await user.query({ userId })).toEqual(changed);
  const own = await usageOf(owner);
  expect(own.today).toMatchObject({ messages: { max: null }, cost: { max: 2_500_000_000 } });
  expect(own.month.cost.max).toBe(10_000_000);

  // Only what is named changes.
  await updateUser.mutate({ userId, set: { tokensPerDay: 5 }, reset: ["messagesPerDay"] });
  expect((await user.query({ userId })).stored).toEqual({
    costPerMonthNanos: 10_000_000,
    tokensPerDay: 5,
  });
  expect((await usageOf(owner)).today).toMatchObject({ messages: { max: 7 }, tokens: { max: 5 } });

  const { items } = await admin.api.admin.audit.list.query({ actor: admin.user.id });
  expect(items.map(({ targetType, targetId, details }) => [targetType, targetId, details])).toEqual(
    [
      ["user", userId, { tokensPerDay: 5, messagesPerDay: "default" }],
      ["user", userId, { messagesPerDay: "no limit", costPerMonthNanos: "$0.01" }],
      ["role", "user", { messagesPerDay: 7, costPerDayNanos: "$2.5", storageMaxBytes: "2 MB" }],
    ],
  );
  expect(items.at(-1)).toMatchObject({ action: "limits.update", reason: "A test", owner: null });
  // A change that changes nothing leaves no entry.
  await updateRole.mutate({ role: "user", set: {} });
  expect((await admin.api.admin.audit.list.query({ actor: admin.user.id })).items).toHaveLength(3);
});

test.each([
  ["messagesPerDay", 0],
  ["tokensPerDay", 1.5],
  ["costPerDayNanos", -1],
  ["costPerMonthNanos", 1e16],
  ["storageMaxBytes", 0],
])("a limit %s of %s is refused at its field, and stores nothing", async (name, value) => {
  const admin = await callerFor("admin");
  const update = limitsOf(admin).updateRole.mutate({ role: "guest", set: { [name]: value } });
  expect(await errorOf(update)).toMatchObject({
    errorCode: "INVALID",
    fields: { [`set.${name}`]: expect.any(String) },
  });
  expect((await limitsOf(admin).roles.query()).roles[0]?.stored).toEqual({});
});

test("a user who does not exist has no limits", async () => {
  const admin = await callerFor("admin");
  const userId = newId();
  const { user, updateUser } = limitsOf(admin);
  expect(await errorOf(user.query({ userId }))).toMatchObject({ errorCode: "NOT_FOUND" });
  expect(await errorOf(updateUser.mutate({ userId, set: { tokensPerDay: 1 } }))).toMatchObject({
    errorCode: "NOT_FOUND",
  });
});
