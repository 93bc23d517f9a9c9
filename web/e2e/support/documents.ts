import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";

interface NewDocument {
  readonly kind: "text" | "code" | "sheet";
  readonly title: string;
  /** Of code. */
  readonly language?: string;
  readonly content: string;
}

/** Makes a document without its page. @returns its id */
export async function createDocument(page: Page, document: NewDocument): Promise<string> {
  const response = await page.request.post("/trpc/documents.create", {
    data: { key: randomUUID(), ...document },
    headers: ownOrigin(page),
  });
  return (await response.json()).result.data.id;
}

/** The newest version of a document. */
export async function readDocument(page: Page, documentId: string) {
  const input = encodeURIComponent(JSON.stringify({ documentId }));
  const response = await page.request.get(`/trpc/documents.get?input=${input}`);
  return (await response.json()).result.data as {
    content: string;
    version: { number: number; version: number };
  };
}

/** Saves a document as another device of its owner would. */
export async function saveDocument(page: Page, documentId: string, content: string) {
  const { version } = await readDocument(page, documentId);
  const response = await page.request.post("/trpc/documents.save", {
    data: { documentId, content, baseVersion: version.version, saveId: randomUUID() },
    headers: ownOrigin(page),
  });
  if (!response.ok()) throw new Error(`The save failed: ${await response.text()}`);
}

/** The API takes a change with a cookie only from a page of the site. */
function ownOrigin(page: Page): { origin: string } {
  return { origin: new URL(page.url()).origin };
}
