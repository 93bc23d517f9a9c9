import { z } from "zod";
import { limits } from "./limits.ts";

/** A title that a person gives to a chat or a document. */
export const titleSchema = z
  .string()
  .trim()
  .min(1, "Enter a title.")
  .max(limits.titleMaxLength, `Use at most ${limits.titleMaxLength} characters.`);
