import { version } from "pyodide/package.json";
import { type RunLanguage, runLanguages } from "../../app/features/documents/run/run-language.ts";
import { securityHeaders } from "../../app/lib/security-headers.ts";
import type { FrameSettings } from "./scripts/frame-settings.ts";
import htmlFrame from "./scripts/html-frame.ts?script";
import javascriptWorker from "./scripts/javascript-worker.ts?script";
import pythonWorker from "./scripts/python-worker.ts?script";
import workerFrame from "./scripts/worker-frame.ts?script";

/**
 * Serves the frames in which code of documents runs.
 *
 * @returns null for a request of anything else
 */
export function serveRunFrame(request: Request): Response | null {
  const { origin, pathname } = new URL(request.url);
  const language = runLanguages.find((name) => pathname === `/run/${name}`);
  if (!language) return null;
  const pythonUrl = `${origin}/pyodide/${version}/`;
  const nonce = crypto.randomUUID();
  const headers = {
    ...securityHeaders(request.url),
    "content-type": "text/html;charset=utf-8",
    "cache-control": "private, no-store",
    "content-security-policy": policyOf(language, { origin, pythonUrl, nonce }),
    "referrer-policy": "no-referrer",
    // Names of other servers would be looked up, and each name can carry data.
    "x-dns-prefetch-control": "off",
  };
  return new Response(pageOf(language, { pythonUrl, nonce }), { headers });
}

function pageOf(
  language: RunLanguage,
  { pythonUrl, nonce }: Record<"pythonUrl" | "nonce", string>,
) {
  const start = '<!doctype html><meta charset="utf-8"><title>Run</title>';
  if (language === "html")
    return `${start}<script>${quoteEnd(htmlFrame)}\n//# sourceURL=run-frame.js\n</script>`;
  const workerCode = language === "python" ? pythonWorker : javascriptWorker;
  const settings: FrameSettings = { workerCode, pythonUrl };
  const json = JSON.stringify(settings).replaceAll("<", "\\u003c");
  return (
    `${start}<script id="settings" type="application/json">${json}</script>` +
    `<script nonce="${nonce}">${quoteEnd(workerFrame)}</script>`
  );
}

/** Keeps a script from ending early. */
function quoteEnd(script: string): string {
  return script.replaceAll("</script", "<\\/script");
}

/**
 * `sandbox` gives each frame an origin of its own, which owns nothing, however it is opened. All
 * requests are refused, except those for Python's own files.
 */
function policyOf(
  language: RunLanguage,
  { origin, pythonUrl, nonce }: Record<"origin" | "pythonUrl" | "nonce", string>,
): string {
  const inline = language === "html" ? "'unsafe-inline' data:" : `'nonce-${nonce}'`;
  const python = language === "python" ? ` ${pythonUrl}` : "";
  const directives = [
    "sandbox allow-scripts",
    "default-src 'none'",
    `script-src ${inline} 'unsafe-eval' 'wasm-unsafe-eval' blob:${python}`,
    "worker-src blob:",
    ...(python ? [`connect-src${python}`] : []),
    ...(language === "html"
      ? [
          "style-src 'unsafe-inline' data: blob:",
          "img-src data: blob:",
          "font-src data: blob:",
          "media-src data: blob:",
          // See scripts/no-nested-frames.ts.
          "require-trusted-types-for 'script'",
          "trusted-types default",
        ]
      : []),
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${origin}`,
  ];
  return directives.join("; ");
}
