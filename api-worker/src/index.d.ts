export { ChatObject } from "./features/messages/chat.do.ts";

declare const _default: {
  fetch(
    request: Request<unknown, IncomingRequestCfProperties<unknown>>,
    env: Env,
  ): Promise<Response>;
};
export default _default;
