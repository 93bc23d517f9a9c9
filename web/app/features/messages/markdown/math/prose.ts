/** A command with its first argument, which may hold words. */
const commands = /\\[a-zA-Z]+\*?\s?(?:\{[^{}]{0,200}\})?/g;
const twoWords = /\p{L}{2}[,;:.!?"')\]]{0,3}\s{1,3}["'([]{0,2}\p{L}{2}/u;
const amountAndWord = /^\d[\d.,]{0,20}\s{1,3}["'([]?\p{L}{2}/u;
const wordsWithoutBlanks = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}]/u;
const strangeStart = /^(?:[,;:!?)\]]|\.(?!\d))/;

/** Whether the text between two dollars is not TeX: a part of a sentence, prices, code. */
export function isProse(text: string): boolean {
  if (text.includes("`") || strangeStart.test(text)) return true;
  const plain = text.replace(commands, " \\ ");
  if (twoWords.test(plain) || amountAndWord.test(plain)) return true;
  return /^\d/.test(plain) && wordsWithoutBlanks.test(plain);
}
