import type { RouterInputs } from "api-worker";
import { limitOf, nanosOfDollars } from "../form/amounts.ts";
import { defaultChoice, readLimit } from "../form/limit-choice.ts";

type Settings = RouterInputs["admin"]["settings"]["update"]["settings"];

/** Reads the limit in money from the form's fields, in nano-dollars; null for none. */
export function readCostLimit(form: FormData): number | null {
  return readLimit(form, "costPerDay", nanosOfDollars) ?? null;
}

/** Reads the settings from the form's fields. What the server refuses is not checked here. */
export function readSettings(form: FormData): Settings {
  const signUp = String(form.get("signUp"));
  const domains = String(form.get("signUpDomains"))
    .split(/[\s,;]+/)
    .filter((domain) => domain !== "");
  const guests = String(form.get("guests"));
  const tokensPerDay = readLimit(form, "tokensPerDay", limitOf);
  return {
    ...(signUp !== defaultChoice && { signUp: signUp as NonNullable<Settings["signUp"]> }),
    ...(domains.length > 0 && { signUpDomains: domains }),
    ...(guests !== defaultChoice && { guests: guests === "on" }),
    ...(tokensPerDay !== undefined && { tokensPerDay }),
  };
}
