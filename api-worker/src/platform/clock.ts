/** Epoch milliseconds. In Workers the clock stands still between I/O; that is precise enough here. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
