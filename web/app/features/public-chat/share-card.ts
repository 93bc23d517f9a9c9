import type { MessageListOutput } from "api-worker/contracts";
import { cutText } from "api-worker/contracts/cut-text";

/** Sites that show cards cut off longer descriptions. */
const descriptionMaxLength = 200;

/** The preview that other sites show for a link to a public chat. */
export interface ShareCard {
  readonly title: string;
  readonly description: string;
  /** Absolute addresses, which cards need. */
  readonly url: string;
  readonly imageUrl: string;
}

/**
 * Makes the preview of a chat.
 *
 * @param origin this site's origin
 */
export function shareCardOf(
  chat: { readonly id: string; readonly title: string },
  page: MessageListOutput,
  origin: string,
): ShareCard {
  const answer = page.items.find(({ role }) => role === "assistant") ?? page.items[0];
  const text = (answer?.parts ?? [])
    .flatMap((part) => (part.type === "text" && "text" in part ? String(part.text) : []))
    .join(" ")
    .replace(/[#*_`>|]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return {
    title: chat.title,
    description: text === "" ? "A chat on Alleato Chat." : cut(text, descriptionMaxLength),
    url: `${origin}/share/${chat.id}`,
    imageUrl: `${origin}/share-card.png`,
  };
}

/** Shortens a text, at a word boundary when one is near. */
function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const start = cutText(text, maxLength - 1);
  const end = start.lastIndexOf(" ");
  return `${end > maxLength / 2 ? start.slice(0, end) : start}…`;
}

/**
 * The meta tags of a page with this card. The page is for people who have the link, not for search
 * engines.
 */
export function shareMeta(card: ShareCard) {
  const { title, description, url, imageUrl } = card;
  return [
    { title: `${title} · Alleato Chat` },
    { name: "description", content: description },
    { name: "robots", content: "noindex, nofollow" },
    { property: "og:type", content: "article" },
    { property: "og:site_name", content: "Alleato Chat" },
    { property: "og:title", content: title },
    { property: "og:description", content: description },
    { property: "og:url", content: url },
    { property: "og:image", content: imageUrl },
    { property: "og:image:width", content: "1200" },
    { property: "og:image:height", content: "630" },
    { property: "og:image:alt", content: "Alleato Chat" },
    { name: "twitter:card", content: "summary_large_image" },
    { name: "twitter:title", content: title },
    { name: "twitter:description", content: description },
    { name: "twitter:image", content: imageUrl },
  ];
}
