import { type MessageStatus, messageStatuses } from "api-worker/contracts/messages";

export const statusNames: Record<MessageStatus, string> = {
  streaming: "In progress",
  complete: "Complete",
  stopped: "Stopped",
  interrupted: "Interrupted",
  failed: "Failed",
};

/** The filter of the list, as far as the address has it. What people type is not in the address. */
export interface ChatFilter {
  readonly user?: string;
  readonly status?: MessageStatus;
  readonly modelId?: string;
}

/** The filter that an address asks for: `user` (an id), `status` and `model`. */
export function readChatFilter(search: URLSearchParams): ChatFilter {
  const status = messageStatuses.find((one) => one === search.get("status"));
  const [user, modelId] = [search.get("user"), search.get("model")];
  return {
    ...(user && { user: user.slice(0, 254) }),
    ...(status && { status }),
    ...(modelId && { modelId: modelId.slice(0, 200) }),
  };
}
