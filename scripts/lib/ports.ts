import { connect, createServer } from "node:net";
import { ScriptError } from "./failure.ts";

/** @returns a TCP port of the loopback address that was free a moment ago */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address && typeof address === "object") resolve(address.port);
        else reject(new Error("The new socket has no address."));
      });
    });
  });
}

/**
 * @param setting the environment variable that chooses the port, for the message
 * @throws {ScriptError} when something already listens on the port
 */
export async function requireFreePort(port: number, setting: string): Promise<void> {
  // Asked on both loopback addresses: a server on ::1 alone would take the browser's requests to
  // "localhost" and leave ours unseen.
  const taken = await Promise.all([isTaken(port, "127.0.0.1"), isTaken(port, "::1")]);
  if (!taken.includes(true)) return;
  throw new ScriptError(
    `Port ${port} is taken by another program: stop that program, or choose another port, for example ${setting}=${port + 1}.`,
  );
}

function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
