import { useEffect, useState } from "react";

/**
 * What a link has behind its `#`, which browsers keep to themselves: no server on the way has it in a
 * log. It is removed from the address, and so from the browser's history.
 *
 * @returns null before the page is alive; empty for a link without a secret
 */
export function useLinkSecret(): string | null {
  const [secret, setSecret] = useState<string | null>(null);
  useEffect(() => {
    const take = () => {
      const { hash, pathname, search } = window.location;
      if (hash === "") return setSecret((known) => known ?? "");
      setSecret(hash.slice(1));
      window.history.replaceState(window.history.state, "", pathname + search);
    };
    take();
    // Of a whole link that is opened here after an incomplete one.
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);
  return secret;
}
