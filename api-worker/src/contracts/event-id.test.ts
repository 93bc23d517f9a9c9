import { expect, test } from "vitest";
import { formatEventId, parseEventId } from "./event-id.ts";

const streamId = "0193b1f0-7c1e-7000-8000-000000000001";

test.for([0, 7, 999_999_999])("the id of event %i is read as it was written", (seq) => {
  expect(parseEventId(formatEventId({ streamId, seq }))).toEqual({ streamId, seq });
});

test.for([
  "",
  ":",
  ":1",
  streamId,
  `${streamId}:`,
  `${streamId}:-1`,
  `${streamId}:1.5`,
  `${streamId}:1e3`,
  `${streamId}:1000000000`,
  `${streamId}: 1`,
])("%j is not the id of an event", (text) => {
  expect(parseEventId(text)).toBeNull();
});
