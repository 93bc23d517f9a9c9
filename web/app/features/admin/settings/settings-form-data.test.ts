import { expect, test } from "vitest";
import { readCostLimit, readSettings } from "./settings-form-data.ts";

const usual = {
  ...{ signUp: "default", signUpDomains: "", guests: "default" },
  ...{ tokensPerDay: "default", "tokensPerDay amount": "" },
};

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...usual, ...fields })) form.set(name, value);
  return form;
}

test.each([
  [{}, {}],
  [
    { signUp: "invite", guests: "off" },
    { signUp: "invite", guests: false },
  ],
  [
    { guests: "on", tokensPerDay: "none", "tokensPerDay amount": "7" },
    { guests: true, tokensPerDay: null },
  ],
  [{ tokensPerDay: "number", "tokensPerDay amount": "5000" }, { tokensPerDay: 5_000 }],
  [{ "tokensPerDay amount": "5000" }, {}],
  [
    { signUp: "domains", signUpDomains: " a.example,\nb.example; c.example " },
    { signUp: "domains", signUpDomains: ["a.example", "b.example", "c.example"] },
  ],
])("the form %o has the settings %o", (fields, settings) => {
  expect(readSettings(formOf(fields))).toEqual(settings);
});

test.each([
  [{ costPerDay: "none", "costPerDay amount": "2" }, null],
  [{ costPerDay: "number", "costPerDay amount": "2.50" }, 2_500_000_000],
  [{ costPerDay: "number" }, 0],
])("the form %o has the limit %s in nano-dollars", (fields, nanos) => {
  expect(readCostLimit(formOf(fields))).toBe(nanos);
});
