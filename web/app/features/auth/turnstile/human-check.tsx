import { useCallback, useEffect, useRef, useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { loadTurnstile, type Turnstile } from "./load-turnstile.ts";

export interface HumanCheckOptions {
  readonly siteKey: string;
  readonly url: string;
}

interface HumanCheckProps extends HumanCheckOptions {
  /** A new value asks for a new token, because each works once. */
  readonly attempt: unknown;
  /** Gets the token, and null when it is no longer good. */
  readonly onToken: (token: string | null) => void;
}

type State = "loading" | "shown" | "failed";

/**
 * Turnstile's widget, which checks that the visitor is human. Most visitors only see it pass. Says
 * so when it cannot be loaded or fails, with a way to try again.
 */
export function HumanCheck({ siteKey, url, attempt, onToken }: HumanCheckProps) {
  const section = useRef<HTMLElement>(null);
  const container = useRef<HTMLDivElement>(null);
  const widget = useRef<{ turnstile: Turnstile; id: string } | null>(null);
  const [state, setState] = useState<State>("loading");
  const [tries, setTries] = useState(0);

  const fail = useCallback(() => {
    onToken(null);
    setState("failed");
  }, [onToken]);

  useEffect(() => {
    let isGone = false;
    setState("loading");
    loadTurnstile(url)
      .then((turnstile) => {
        if (isGone || !container.current) return;
        const id = turnstile.render(container.current, {
          sitekey: siteKey,
          theme: themeOfPage(),
          size: "flexible",
          "response-field": false,
          callback: (token) => {
            // After an error the widget tries again by itself.
            setState("shown");
            onToken(token);
          },
          "error-callback": () => {
            fail();
            return true;
          },
          "expired-callback": () => onToken(null),
          "timeout-callback": () => onToken(null),
          "unsupported-callback": fail,
        });
        if (id === undefined) return fail();
        widget.current = { turnstile, id };
        setState("shown");
      })
      .catch(() => {
        if (!isGone) fail();
      });
    return () => {
      isGone = true;
      widget.current?.turnstile.remove(widget.current.id);
      widget.current = null;
    };
  }, [siteKey, url, onToken, fail, tries]);

  useEffect(() => {
    if (!widget.current) return;
    onToken(null);
    widget.current.turnstile.reset(widget.current.id);
  }, [attempt, onToken]);

  return (
    <section
      ref={section}
      aria-label="Check that you’re human"
      tabIndex={-1}
      className="mt-5 focus:outline-none"
    >
      {/* As high as the widget, so that the page does not move when the widget appears. */}
      <div className="grid min-h-[65px] *:[grid-area:1/1]">
        <div role="status" className="self-center text-center text-sm text-muted">
          {state === "loading" && "Loading the check that you’re human…"}
        </div>
        <div className="flex flex-wrap items-center justify-between gap-2">
          <div role="alert" className="min-w-40 flex-1 text-sm text-danger">
            {state === "failed" && "The check that you’re human couldn’t be completed."}
          </div>
          {state === "failed" && (
            <Button
              onClick={() => {
                // The button is about to disappear, and would take the focus with it.
                section.current?.focus();
                retry(setTries);
              }}
            >
              Try the check again
            </Button>
          )}
        </div>
        <div ref={container} className={state === "failed" ? "hidden" : "relative"} />
      </div>
      <noscript>
        <p className="text-sm text-danger">
          Turn on JavaScript to continue: the check that you’re human needs it.
        </p>
      </noscript>
    </section>
  );
}

/**
 * A page that was opened from another one without a reload still has that one's
 * Content-Security-Policy, which knows no Turnstile. A fresh document has its own.
 */
function retry(setTries: (next: (tries: number) => number) => void): void {
  if ((window as { turnstile?: Turnstile }).turnstile) setTries((tries) => tries + 1);
  else window.location.reload();
}

/** "auto" follows the operating system, as the page does without a choice of its own. */
function themeOfPage(): "auto" | "light" | "dark" {
  const { colorScheme } = getComputedStyle(document.documentElement);
  return colorScheme === "light" || colorScheme === "dark" ? colorScheme : "auto";
}
