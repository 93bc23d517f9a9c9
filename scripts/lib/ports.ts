import { randomInt } from "node:crypto";
import { connect, createServer } from "node:net";
import { ScriptError } from "./failure.ts";

// Below the ports that systems hand out by themselves (Linux from 32768, macOS from 49152): one of
// those could be given to any program between our look at it and our server's start.
const firstFreePort = 20_000;
const freePortCount = 10_000;

/** @returns a TCP port of the loopback address that was free a moment ago, chosen by chance */
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
