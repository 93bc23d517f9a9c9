import { expect, test } from "vitest";
import { limitText, readChange } from "./limits-form-data.ts";

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

const amount = (name: string, value: string) => ({ [name]: "number", [`${name} amount`]: value });

test("only what was changed is sent, in the API's units", () => {
  const stored = { messagesPerDay: 5, tokensPerDay: null, storageMaxBytes: 1_000_001 };
  const untouched = {
    ...amount("messagesPerDay", "5"),
    tokensPerDay: "none",
    costPerDayNanos: "default",
    ...amount("storageMaxBytes", "0.954"),
  };
  expect(readChange(formOf(untouched), stored)).toEqual({ set: {}, reset: [] });
  const changed = {
    messagesPerDay: "default",
    ...amount("tokensPerDay", "7"),
    ...amount("costPerDayNanos", "2.50"),
    costPerMonthNanos: "none",
    ...amount("storageMaxBytes", "2"),
  };
  expect(readChange(formOf(changed), stored)).toEqual({
    set: {
      tokensPerDay: 7,
      costPerDayNanos: 2_500_000_000,
      costPerMonthNanos: null,
      storageMaxBytes: 2_097_152,
    },
    reset: ["messagesPerDay"],
  });
});

test("an amount that is none is sent for the server to refuse", () => {
  const { set } = readChange(formOf(amount("costPerDayNanos", "two")), {});
  expect(set).toEqual({ costPerDayNanos: 0 });
});

test("limits are said in their units", () => {
  expect([
    limitText("messagesPerDay", 1_000),
    limitText("costPerDayNanos", 2_500_000_000),
    limitText("storageMaxBytes", 52_428_800),
    limitText("tokensPerDay", null),
  ]).toEqual(["1,000", "$2.50", "50 MB", "no limit"]);
});
