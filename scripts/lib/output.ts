import { stripVTControlCharacters } from "node:util";

/**
 * Lines of wrangler and Vite without information for the user: banners, lists of bindings,
 * addresses.
 */
const noise = [
  /^\s*$/,
  /^\s*(➜|VITE|⎔|╭|│|╰|─)/,
  /^(Your Worker|[\w-]+) has access to the following bindings/,
  /^Binding\s+Resource/,
  /^env\.\w+/,
  /^Using secrets defined in/,
  /Unable to fetch the `Request\.cf` object/,
  /getaddrinfo \w+ workers\.cloudflare\.com/,
  /GetAddrInfoReqWrap|^\s+at .*node:(dns|internal)/,
  /Ready on http/,
  /^Service bindings, Durable Object bindings, and Tail consumers/,
  /collects anonymous telemetry/,
  /^The `envFile` option is deprecated/,
];

/**
 * Makes a printer for one service's lines: with its name in front, and without noise.
 *
 * @param name printed before each line
 */
export function servicePrinter(name: string): (line: string) => void {
  return (line) => {
    const text = stripVTControlCharacters(line);
    if (noise.some((pattern) => pattern.test(text))) return;
    console.log(`${name.padEnd(3)} │ ${text}`);
  };
}
