import {
  data,
  redirectDocument,
  type ShouldRevalidateFunctionArgs,
  useRouteError,
} from "react-router";
import { PublicChat } from "../features/public-chat/public-chat.tsx";
import { shareCardOf, shareMeta } from "../features/public-chat/share-card.ts";
import { readError } from "../lib/error-text.ts";
import { failPage } from "../lib/fail-page.server.ts";
import { withNext } from "../lib/next-path.ts";
import { apiContext } from "../lib/request-context.server.ts";
import { ErrorPage } from "../ui/error-page.tsx";
import type { Route } from "./+types/share.ts";

/**
 * Loads a public chat, with or without a login. Private, deleted and unknown chats all respond 404.
 */
export async function loader({ context, url, params: { chatId } }: Route.LoaderArgs) {
  const { client, viewer: asked } = context.get(apiContext);
  try {
    const [chat, page, viewer] = await Promise.all([
      client.chats.get.query({ chatId }),
      client.messages.list.query({ chatId }),
      asked,
    ]);
    if (chat.visibility !== "public") throw data(null, { status: 404 });
    const isOwn = chat.access === "own";
    const reader = !viewer ? "anonymous" : isOwn ? "own" : viewer.isGuest ? "guest" : "account";
    return data({ reader, page, card: shareCardOf(chat, page, url.origin) } as const, {
      headers: { "x-robots-tag": "noindex, nofollow" },
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { errorCode } = readError(error);
    if (errorCode === "UNAUTHENTICATED" || errorCode === "NOT_FOUND" || errorCode === "INVALID") {
      throw data(null, { status: 404 });
    }
    return failPage(error, { context, url });
  }
}

/** Copies the chat to the viewer's chats and continues there. */
export async function action({ request, context, params: { chatId } }: Route.ActionArgs) {
  const newChatId = String((await request.formData()).get("newChatId") ?? "");
  try {
    const { client } = context.get(apiContext);
    const copy = await client.chats.fork.mutate({ chatId, newChatId });
    return redirectDocument(`/chat/${copy.id}`);
  } catch (error) {
    const { errorCode, text, httpStatus } = readError(error);
    if (errorCode === "UNAUTHENTICATED") {
      return redirectDocument(withNext("/login", `/share/${chatId}`));
    }
    return data({ problem: text }, { status: httpStatus });
  }
}

/** The query names only the open document. */
export function shouldRevalidate(change: ShouldRevalidateFunctionArgs) {
  const isSamePage = change.currentUrl.pathname === change.nextUrl.pathname;
  const isSameSearch = change.currentUrl.search === change.nextUrl.search;
  return isSamePage && !isSameSearch ? false : change.defaultShouldRevalidate;
}

export function headers({ loaderHeaders }: Route.HeadersArgs) {
  return loaderHeaders;
}

export function meta({ loaderData }: Route.MetaArgs) {
  return loaderData ? shareMeta(loaderData.card) : [{ title: "Alleato Chat" }];
}

export default function SharePage({ loaderData, actionData, params }: Route.ComponentProps) {
  const { card, page, reader } = loaderData;
  return (
    <PublicChat
      key={params.chatId}
      chatId={params.chatId}
      title={card.title}
      page={page}
      reader={reader}
      problem={actionData?.problem ?? null}
    />
  );
}

export function ErrorBoundary() {
  return (
    <main className="flex min-h-dvh flex-col">
      <ErrorPage error={useRouteError()} requestId={null} />
    </main>
  );
}
