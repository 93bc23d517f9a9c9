/**
 * Headers of every response of the page server, whichever code made it. Pages have a longer
 * Content-Security-Policy.
 *
 * @param url of the request
 */
export function securityHeaders(url: string): Record<string, string> {
  return {
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-content-type-options": "nosniff",
    // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
    "referrer-policy": "same-origin",
    ...(new URL(url).protocol === "https:" && {
      "strict-transport-security": "max-age=31536000; includeSubDomains",
    }),
  };
}

/** @returns the response with the headers of {@link securityHeaders} that it lacks */
export function withSecurityHeaders(response: Response, url: string): Response {
  const headers = Object.entries(securityHeaders(url));
  const missing = headers.filter(([name]) => !response.headers.has(name));
  if (missing.length === 0) return response;
  const complete = new Response(response.body, response);
  for (const [name, value] of missing) complete.headers.set(name, value);
  return complete;
}
