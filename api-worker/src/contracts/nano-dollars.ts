/** Without zod, so that pages which only show amounts do not load it. */
export const nanosPerDollar = 1_000_000_000;
