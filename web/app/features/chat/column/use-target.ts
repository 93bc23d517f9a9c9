import { useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { withParameter } from "../../../lib/search-parameter.ts";
import type { ChatSession } from "../session/chat-session.ts";

/** How long a linked message stays marked, in ms. */
const markedMs = 4_000;

/**
 * The message in the address (`?message=<id>`), once it can be shown. It is then removed from the
 * address, so that a reload starts at the end.
 */
export function useTarget(session: ChatSession) {
  const { pathname, search, state } = useLocation();
  const navigate = useNavigate();
  const messageId = new URLSearchParams(search).get("message");
  const [target, setTarget] = useState<{ readonly messageId: string } | null>(null);
  const [isMissing, setMissing] = useState(false);

  useEffect(() => {
    if (messageId === null) return;
    let isWanted = true;
    void session.reveal(messageId).then((isThere) => {
      if (!isWanted) return;
      setMissing(!isThere);
      if (isThere) setTarget({ messageId });
      const address = pathname + withParameter(search, "message", null);
      navigate(address, { replace: true, state, preventScrollReset: true });
    });
    return () => {
      isWanted = false;
    };
  }, [session, messageId, pathname, search, state, navigate]);

  useEffect(() => {
    if (!target) return;
    const timer = setTimeout(() => setTarget(null), markedMs);
    return () => clearTimeout(timer);
  }, [target]);

  return { target, problem: isMissing ? "That message no longer exists." : null };
}
