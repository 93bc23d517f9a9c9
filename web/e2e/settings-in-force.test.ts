import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { findFreePort } from "../../scripts/lib/ports.ts";
import { adminAccount } from "./support/admin-account.ts";
import { type ApiUser, signUpByApi } from "./support/api.ts";
import { ownStack } from "./support/own-stack.ts";

// Without a browser: two workers run on the same storage, as many do on the platform.

const secondWorkerPort = await findFreePort();
const second = `http://127.0.0.1:${secondWorkerPort}`;
const stack = ownStack("settings", () => ({ ADMIN_EMAILS: adminAccount.email }), undefined, {
  secondWorkerPort,
});

interface Settings {
  readonly version: number;
}

const send = (user: ApiUser, modelId: string) =>
  user.change("messages.send", {
    chatId: randomUUID(),
    message: { id: randomUUID(), parts: [{ type: "text", text: "count to 1" }] },
    modelId,
  });

test("what is changed in one worker is in force in another for the next request", async () => {
  const admin = await signUpByApi(stack().url, adminAccount);
  const user = await signUpByApi(stack().url);
  const there = user.at(second);
  const listed = async () => {
    const { items } = await there.read<{ items: { id: string; name: string }[] }>("models.list");
    return items.map(({ id, name }) => `${id}: ${name}`);
  };
  const update = async (models: object) => {
    const { version } = await admin.read<Settings>("admin.settings.models");
    await admin.change("admin.settings.updateModels", { version, models });
  };
  expect(await listed()).toEqual(["demo: Demo model", "demo-text: Demo model, text only"]);
  await send(there, "demo-text");

  await update({ "demo-text": { access: "off" }, demo: { name: "Our model" } });
  expect(await listed()).toEqual(["demo: Our model"]);
  await expect(send(there, "demo-text")).rejects.toThrow("This model isn’t available.");

  // What guards money: the first answer uses the limit up, wherever it was asked for.
  await update({ demo: { price: { inputNanos: 1_000, outputNanos: 1_000 } } });
  await admin.change("admin.limits.updateRole", { role: "user", set: { costPerDayNanos: 1 } });
  await send(user, "demo");
  await expect(send(there, "demo")).rejects.toThrow("day-budget");
  await admin.at(second).change("admin.limits.updateRole", {
    role: "user",
    set: { costPerDayNanos: null },
  });
  await send(user, "demo");
});
