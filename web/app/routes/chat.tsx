import { redirectDocument, type ShouldRevalidateFunctionArgs, useRouteError } from "react-router";
import { queryHelpers } from "../lib/api.server.ts";
import { readError } from "../lib/error-text.ts";
import { failPage } from "../lib/fail-page.server.ts";
import { loginPath } from "../lib/next-path.ts";
import { toPageError } from "../lib/page-error.ts";
import { getQueryUtils } from "../lib/trpc.ts";
import { ErrorPage } from "../ui/error-page.tsx";
import type { Route } from "./+types/chat.ts";

/**
 * Runs for a document: loads the chat with its newest messages, so that the page arrives complete.
 */
export async function loader({ context, url, params: { chatId } }: Route.LoaderArgs) {
  const helpers = queryHelpers(context);
  try {
    const [chat] = await Promise.all([
      helpers.chats.get.fetch({ chatId }),
      helpers.messages.list.fetchInfinite({ chatId }),
    ]);
    return { title: chat.title, dehydratedState: helpers.dehydrate() };
  } catch (error) {
    return failPage(error, { context, url });
  }
}

/** Within the app: directly from the cache or the API, without a request to the page server. */
export async function clientLoader({ params: { chatId }, url }: Route.ClientLoaderArgs) {
  const utils = getQueryUtils();
  try {
    const [chat] = await Promise.all([
      utils.chats.get.ensureData({ chatId }),
      utils.messages.list.fetchInfinite({ chatId }),
    ]);
    return { title: chat.title, dehydratedState: undefined };
  } catch (error) {
    if (readError(error).errorCode === "UNAUTHENTICATED") throw redirectDocument(loginPath(url));
    throw toPageError(error);
  }
}

/** The query names only the panel and the message to scroll to: neither changes what to load. */
export function shouldRevalidate(change: ShouldRevalidateFunctionArgs) {
  const isSamePage = change.currentUrl.pathname === change.nextUrl.pathname;
  const isSameSearch = change.currentUrl.search === change.nextUrl.search;
  return isSamePage && !isSameSearch ? false : change.defaultShouldRevalidate;
}

export function meta({ loaderData }: Route.MetaArgs) {
  return [{ title: `${loaderData?.title ?? "Chat"} · Alleato Chat` }];
}

/** The layout shows the chat. */
export default function ChatPage() {
  return null;
}

/** A chat that does not exist or could not be loaded. The sidebar stays. */
export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} requestId={null} />;
}
