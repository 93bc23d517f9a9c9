import { expect, test } from "vitest";
import { byteText } from "./byte-text.ts";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [1_023, "1023 bytes"],
  [1_024, "1 KB"],
  [12_345, "12 KB"],
  [1_048_100, "1 MB"],
  [1_048_576, "1 MB"],
  [3_565_158, "3.4 MB"],
  [104_857_600, "100 MB"],
  [1_048_576_000, "1,000 MB"],
  [1_073_741_824, "1 GB"],
])("%i bytes are %s", (bytes, text) => {
  expect(byteText(bytes)).toBe(text);
});
