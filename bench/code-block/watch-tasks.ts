/// <reference lib="dom" />

export interface SeenTasks {
  /** Durations of tasks of more than 50 ms. */
  taskMs: number[];
  /** From each key to the frame that shows it. */
  keyMs: number[];
}

declare global {
  var seenTasks: SeenTasks | undefined;
}

/** Runs in the page before its own scripts, and notes tasks and keys in `seenTasks`. */
export function watchTasks(): void {
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.seenTasks?.taskMs.push(duration);
  }).observe({ entryTypes: ["longtask"] });
  document.addEventListener(
    "keydown",
    (event) => {
      requestAnimationFrame(() => {
        globalThis.seenTasks?.keyMs.push(performance.now() - event.timeStamp);
      });
    },
    true,
  );
}
