import { expect, test } from "vitest";
import { fieldName, readModels } from "./models-form-data.ts";

const rows = [
  { id: "a-1.5", isDefault: true, defaults: { name: "A", price: null } },
  { id: "b", isDefault: false, defaults: { name: "B", price: null } },
];

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

const fields = (modelId: string, access: string, name: string, input: string, output: string) => ({
  [fieldName(modelId, "access")]: access,
  [fieldName(modelId, "name")]: name,
  [fieldName(modelId, "input")]: input,
  [fieldName(modelId, "output")]: output,
});

test("what is entered is read for each model, and defaults are left out", () => {
  const form = formOf({ ...fields("b", "off", " Bee ", "0.075", "1.005") });
  expect(readModels(form, rows)).toEqual({
    "a-1.5": {},
    b: { access: "off", name: "Bee", price: { inputNanos: 75, outputNanos: 1_005 } },
  });
  const usual = formOf({
    ...fields("a-1.5", "off", "A", "", ""),
    ...fields("b", "everyone", "", "", ""),
  });
  expect(readModels(usual, rows)).toEqual({ "a-1.5": {}, b: {} });
});

test.each([
  ["1", "", { inputNanos: 1_000, outputNanos: Number.NaN }],
  ["0.0005", "x", { inputNanos: 0.5, outputNanos: Number.NaN }],
  ["0", "0", { inputNanos: 0, outputNanos: 0 }],
])(
  "the amounts %s and %s are sent as they are, for the server to check",
  (input, output, price) => {
    expect(readModels(formOf(fields("b", "everyone", "", input, output)), rows).b).toEqual({
      price,
    });
  },
);
