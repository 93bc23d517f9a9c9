import { limits } from "api-worker/contracts/limits";
import { useEffect, useEffectEvent } from "react";
import { useLocation, useNavigate } from "react-router";

/**
 * Sends the question in a new chat's address (`/?query=…`) once. It is removed from the address
 * first, so that neither a reload nor the back button sends it again.
 *
 * @param isNew whether this is the page of a new chat
 */
export function useFirstQuestion(isNew: boolean, send: (text: string) => void): void {
  const { search, pathname } = useLocation();
  const navigate = useNavigate();
  const sendQuery = useEffectEvent(send);
  const query = isNew ? new URLSearchParams(search).get("query")?.trim() : undefined;
  useEffect(() => {
    if (!query) return;
    navigate(pathname, { replace: true });
    sendQuery(query.slice(0, limits.messageTextMaxLength));
  }, [query, pathname, navigate]);
}
