import { z } from "zod";

const searchDetailsSchema = z.object({ text: z.string() });

/** What the event of a search says of it. */
export type SearchDetails = z.infer<typeof searchDetailsSchema>;

/** Reads the words of a search from the details of its event; null when they have none. */
export function searchedText(details: string | null): string | null {
  const { success, data } = searchDetailsSchema.safeParse(JSON.parse(details ?? "null"));
  return success ? data.text : null;
}
