import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** The connection between a browser and the product, which a test can cut and mend. */
export interface Cable {
  /** The product's address at this end. */
  readonly url: string;
  /** Breaks all connections, and new ones too until {@link Cable.mend}. */
  cut(): void;
  /** Silences the open connections for good without breaking them; new ones work. */
  silence(): void;
  mend(): void;
  stop(): Promise<void>;
}

/**
 * Starts a proxy in front of the product.
 *
 * @param target address of the product
 */
export async function startCable(target: string): Promise<Cable> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let isCut = false;
  const server = createServer((near) => {
    // Broken connections are this proxy's purpose.
    near.on("error", () => near.destroy());
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    far.on("error", end);
    far.on("close", end);
    near.on("close", end);
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const destroyAll = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true;
      destroyAll();
    },
    silence() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
      }
    },
    mend() {
      isCut = false;
    },
    async stop() {
      destroyAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
