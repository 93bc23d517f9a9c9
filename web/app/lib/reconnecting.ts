/** A connection that is opened again when it is lost. One at a time. */
export interface Reconnecting {
  /** Opens a connection now, replacing the current one or cancelling a wait. */
  connect(): void;
  /** Closes the current connection, and opens another after a wait that grows with each failure. */
  retry(): void;
  /** Notes that the connection works, which resets the waits. */
  succeed(): void;
  /** Closes the current connection, or cancels a wait. */
  stop(): void;
}

/**
 * Keeps one connection at a time. The caller decides what counts as a failure, and when to connect.
 *
 * @param open opens a connection and returns a function that closes it. It must ignore events of a
 *   replaced connection, which `isCurrent` tells
 * @param delaysMs waits between tries; the last one repeats
 */
export function reconnecting(
  open: (isCurrent: () => boolean) => () => void,
  delaysMs: readonly number[],
): Reconnecting {
  let leave: (() => void) | undefined;
  let failures = 0;

  const stop = () => {
    leave?.();
    leave = undefined;
  };
  const connect = () => {
    stop();
    let isCurrent = true;
    let close: (() => void) | undefined;
    leave = () => {
      isCurrent = false;
      close?.();
    };
    close = open(() => isCurrent);
    // An event may have replaced the connection before `open` returned.
    if (!isCurrent) close();
  };
  const retry = () => {
    stop();
    const timer = setTimeout(connect, delaysMs[Math.min(failures, delaysMs.length - 1)]);
    failures += 1;
    leave = () => clearTimeout(timer);
  };
  const succeed = () => {
    failures = 0;
  };
  return { connect, retry, succeed, stop };
}
