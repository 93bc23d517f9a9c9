import { randomInt } from "node:crypto";
import { connect, createServer } from "node:net";
import { ScriptError } from "./failure.ts";

// Below the ports that systems assign by themselves (Linux from 32768, macOS from 49152): one of
// those could be assigned to another program between our check and our server's start.
const firstFreePort = 20_000;
const freePortCount = 10_000;

/** @returns a random TCP port of the loopback address that was free a moment ago */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = firstFreePort + randomInt(freePortCount);
    if (await canListen(port)) return port;
  }
  throw new ScriptError("No free port was found.");
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/**
 * Checks that a port is free.
 *
 * @param setting the environment variable that sets the port, for the message
 * @throws {ScriptError} when a program already listens on the port
 */
export async function requireFreePort(port: number, setting: string): Promise<void> {
  // Checks both loopback addresses: a server that listens only on ::1 would receive the browser's
  // requests to "localhost".
  const taken = await Promise.all([isPortTaken(port, "127.0.0.1"), isPortTaken(port, "::1")]);
  if (!taken.includes(true)) return;
  throw new ScriptError(
    `Port ${port} is already in use. Stop the program that uses it, or choose another port, for example ${setting}=${port + 1}.`,
  );
}

/** Whether a program listens on a port. */
export function isPortTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
