/** What a debugger is told about the memory of an isolate. */
interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize?: number;
  readonly backingStorageSize?: number;
}

interface Target {
  readonly id: string;
  readonly webSocketDebuggerUrl: string;
}

/** Before the names of our workers; the runtime has others of its own. */
const namePrefix = "core:user:";

/** An isolate answers its debugger between two of its tasks. */
const answerMaxMs = 60_000;

/** A debugger's connection to a worker's isolate, in which the worker's objects run too. */
export class Inspector {
  readonly name: string;
  readonly #socket: WebSocket;
  #nextId = 1;
  readonly #waiting = new Map<number, (result: unknown) => void>();

  private constructor(name: string, socket: WebSocket) {
    this.name = name;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { id, result } = JSON.parse(String(data));
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    });
  }

  /**
   * Connects to each of our workers in a local runtime.
   *
   * @param port its `inspectorPort`
   */
  static async openAll(port: number): Promise<Inspector[]> {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as Target[];
    const ours = targets.filter(({ id }) => id.startsWith(namePrefix));
    return Promise.all(ours.map((target) => Inspector.#open(target)));
  }

  static async #open({ id, webSocketDebuggerUrl }: Target): Promise<Inspector> {
    // The debugger's port accepts only pages of its own machine. Node allows headers here.
    const headers = { origin: "http://localhost" };
    const socket = new WebSocket(webSocketDebuggerUrl, { headers } as never);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    return new Inspector(id.slice(namePrefix.length), socket);
  }

  /** @throws Error when the isolate does not answer */
  call<Result>(method: string): Promise<Result> {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#socket.send(JSON.stringify({ id, method }));
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const timer = setTimeout(() => {
      reject(new Error(`The debugger of ${this.name} does not answer ${method}.`));
    }, answerMaxMs);
    this.#waiting.set(id, (result) => {
      clearTimeout(timer);
      resolve(result as Result);
    });
    return promise;
  }

  /** Bytes in the heap and in buffers outside of it. Garbage counts until it is collected. */
  async used(): Promise<number> {
    const usage = await this.call<HeapUsage>("Runtime.getHeapUsage");
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = usage;
    return usedSize + embedderHeapUsedSize + backingStorageSize;
  }

  /** Collects garbage, so that `used` tells what the isolate needs. */
  async collect(): Promise<void> {
    await this.call("HeapProfiler.collectGarbage");
  }

  close(): void {
    this.#socket.close();
  }
}
