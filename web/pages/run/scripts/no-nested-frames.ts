interface DefaultPolicy {
  readonly createHTML: (text: string, type: string, sink: string) => string | null;
  readonly createScript: (text: string, type: string, sink: string) => string | null;
  readonly createScriptURL: (text: string) => string;
}

interface TrustedTypes {
  createPolicy(name: "default", policy: DefaultPolicy): unknown;
}

/**
 * Takes away the ways to the network that no policy covers: WebRTC and WebTransport. A nested frame
 * would have them anew, and `frame-src` does not refuse a frame with `srcdoc`. So all HTML that
 * scripts make passes here, by the browser's trusted types, and loses that attribute.
 */
export function removeUncovered(): void {
  for (const name of [
    "RTCPeerConnection",
    "webkitRTCPeerConnection",
    "WebTransport",
    "XSLTProcessor",
  ]) {
    Reflect.deleteProperty(window, name);
  }
  const { trustedTypes } = window as { readonly trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy("default", {
    createHTML: (text, _type, sink) =>
      /srcdoc/i.test(sink) ? null : text.replace(/srcdoc/gi, "nosrcdoc"),
    // An address that is a script would run in the frame that it is given to.
    createScript: (text, _type, sink) => (/location|href|src$/i.test(sink) ? null : text),
    createScriptURL: (text) => text,
  });
}
