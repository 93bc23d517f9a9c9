/**
 * Loads Turnstile's script, once for a page.
 *
 * @see https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/
 */

interface WidgetOptions {
  readonly sitekey: string;
  readonly theme: "auto" | "light" | "dark";
  readonly size: "flexible";
  /** The token goes into our forms, not into a field of the widget's own. */
  readonly "response-field": false;
  readonly callback: (token: string) => void;
  readonly "error-callback": (code: string) => boolean;
  readonly "expired-callback": () => void;
  readonly "timeout-callback": () => void;
  readonly "unsupported-callback": () => void;
}

/** The part of the script's API that we use. */
export interface Turnstile {
  render(container: HTMLElement, options: WidgetOptions): string | undefined;
  reset(widgetId: string): void;
  remove(widgetId: string): void;
}

let loading: Promise<Turnstile> | null = null;

/**
 * @param url of the server
 * @throws when the script cannot be loaded; the next call tries again
 */
export function loadTurnstile(url: string): Promise<Turnstile> {
  loading ??= load(url).catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

function load(url: string): Promise<Turnstile> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${url}/turnstile/v0/api.js?render=explicit`;
    script.async = true;
    script.onload = () => {
      const { turnstile } = window as { turnstile?: Turnstile };
      if (turnstile) resolve(turnstile);
      else reject(new Error("Turnstile’s script made no widget."));
    };
    script.onerror = () => {
      script.remove();
      reject(new Error("Turnstile’s script could not be loaded."));
    };
    document.head.append(script);
  });
}
