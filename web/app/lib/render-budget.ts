import { createContext } from "react";

/** What a page may cost, in characters of prose. */
export const servedMax = 150_000;

/**
 * How much of its messages a page may render on the server, in characters of prose; the browser,
 * which takes the page over, has to know it too.
 */
export const RenderMaxContext = createContext<number>(Number.POSITIVE_INFINITY);

/** Takes note of what a page has rendered. On the server only. */
export const SpendContext = createContext<(cost: number) => void>(() => {});
