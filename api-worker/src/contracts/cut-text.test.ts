import { expect, test } from "vitest";
import { cutText, startOfGrapheme } from "./cut-text.ts";

const family = "👨‍👩‍👧‍👦";

test.each([
  ["a short text", "abc", 3, "abc"],
  ["Latin", "abcdef", 3, "abc"],
  ["a pair of code units", "ab😀", 3, "ab"],
  ["a pair that just fits", "ab😀c", 4, "ab😀"],
  ["an accent as a character of its own", "abe\u0301f", 3, "ab"],
  ["Hindi conjuncts and vowel signs", "हिन्दी", 5, "हि"],
  ["Thai vowel and tone signs", "กี่ครั้ง", 6, "กี่ค"],
  ["a family", `a${family}b`, 8, "a"],
  ["a family that just fits", `a${family}b`, 12, `a${family}`],
  ["a flag", "a🇩🇪🇫🇷", 7, "a🇩🇪"],
  ["a skin tone", "a👋🏽", 3, "a"],
  ["a keycap", "ab1️⃣", 3, "ab"],
  ["Hangul in single letters", "\u1112\u1161\u11ab\u1100\u1173\u11af", 5, "\u1112\u1161\u11ab"],
  ["a line break of two characters", "ab\r\nc", 3, "ab"],
  ["no room", "abc", 0, ""],
  ["a first grapheme longer than the room, between code points", "e\u0301\u0302", 2, "e\u0301"],
  ["a first emoji longer than the room", "😀", 1, ""],
])("%s is cut between graphemes", (_, text, maxLength, expected) => {
  expect(cutText(text, maxLength)).toBe(expected);
});

test("a text is cut at each length as its graphemes are counted from the beginning", () => {
  const text = `a${family}हिन्दी क्षत्रिय\r\nกี่ครั้ง🇩🇪🇫🇷🇯🇵e\u0301\u1112\u1161\u11ab1️⃣👋🏽z`;
  const ends = [...new Intl.Segmenter().segment(text)].map(({ index }) => index);
  for (let length = 1; length < text.length; length += 1) {
    expect(cutText(text, length)).toBe(
      text.slice(
        0,
        ends.findLast((end) => end <= length),
      ),
    );
  }
});

test("the grapheme at a place is found, also far into a text", () => {
  const text = `${"กี่ครั้ง ".repeat(500)}${family}`;
  const starts = [...new Intl.Segmenter().segment(text)].map(({ index }) => index);
  for (let place = 0; place < text.length; place += 7) {
    expect(startOfGrapheme(text, place)).toBe(starts.findLast((start) => start <= place));
  }
  expect(startOfGrapheme(text, text.length)).toBe(text.length);
});
