/** In this order: most browsers also name those that they descend from. */
const browsers: readonly [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\bOPR\/|\bOpera\b|\bOPT\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bYaBrowser\//, "Yandex Browser"],
  [/\bDuckDuckGo\/|\bDdg\//, "DuckDuckGo"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\b(Headless)?Chrom(e|ium)\/|\bCriOS\//, "Chrome"],
  [/\bVersion\/.*\bSafari\//, "Safari"],
];

const systems: readonly [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMacintosh\b|\bMac OS X\b/, "macOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
];

/**
 * Names a browser and its system in words, like "Firefox on Windows". Good enough for people to
 * recognise their own: an iPad, for example, may call itself a Mac.
 *
 * @param userAgent of the request that logged in
 */
export function browserText(userAgent: string | null): string {
  const text = userAgent ?? "";
  const system = nameIn(systems, text);
  const browser = nameIn(browsers, text) ?? programIn(text) ?? "Unknown browser";
  return system === null ? browser : `${browser} on ${system}`;
}

function nameIn(names: readonly [RegExp, string][], text: string): string | null {
  return names.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** A program's own name, like "curl". Browsers all begin with "Mozilla". */
function programIn(text: string): string | null {
  const [, name = ""] = /^([A-Za-z][\w.-]{0,39})\//.exec(text) ?? [];
  return name === "" || name === "Mozilla" ? null : name;
}
