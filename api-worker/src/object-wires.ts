import type { ChatNews } from "./contracts/news.ts";
import type { StreamLine } from "./features/messages/turn/turn-protocol.ts";
import type { Credential, UserSocketKind } from "./platform/user-object.ts";

/**
 * What passes between the worker and the Durable Objects beside the arguments and results of
 * methods. `check` compares it, like the methods, with what is deployed (docs/contract.md).
 */
export interface ObjectWires {
  /** The lines of an answer's stream. */
  readonly "ChatObject.read, its stream": { readonly takes: null; readonly gives: StreamLine };
  /** The request for a socket, and the socket's messages. */
  readonly "UserObject.fetch": {
    readonly takes: {
      readonly kind: UserSocketKind;
      readonly credential: Credential;
      readonly bytes: number;
    };
    readonly gives: ChatNews;
  };
}
