import { sql } from "db";

/** Further characters of a text are neither indexed nor looked at. In UTF-16 units. */
export const searchedTextMax = 100_000;

/** SQL for the text parts of a row of `messages`, joined by line breaks; NULL without any. */
export const textOfMessage = sql<string | null>`(
  SELECT substr(group_concat(part.value ->> 'text', char(10)), 1, ${sql.lit(searchedTextMax)})
  FROM json_each(messages.parts) AS part
  WHERE part.type = 'object' AND part.value ->> 'type' = 'text'
    AND json_type(part.value, '$.text') = 'text')`;
