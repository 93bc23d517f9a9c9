/// <reference lib="dom" />

/** Times in ms after Enter was pressed. */
export interface Marks {
  /** The first request that carries the message was made. */
  request?: number;
  /** The first byte of the answer's stream arrived. */
  firstByte?: number;
  /** A text chunk of the answer arrived. */
  firstChunk?: number;
  /** The first word of the answer is in the document. */
  word?: number;
}

declare global {
  /** Settles at the first word of the answer, with the times of the press. */
  var untilWord: Promise<Marks>;
}

/** Runs in the page before its own scripts, and settles `untilWord`. */
export function watchPage(): void {
  let pressedAt = Number.NaN;
  let marks: Marks | undefined;
  let end: (marks: Marks) => void;
  globalThis.untilWord = new Promise((resolve) => {
    end = resolve;
  });
  const note = (part: keyof Marks) => {
    if (marks) marks[part] ??= performance.now() - pressedAt;
  };
  const see = (text: string) => {
    note("firstByte");
    if (text.includes('"text-delta"')) note("firstChunk");
  };
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter") return;
      pressedAt = performance.now();
      marks = {};
    },
    true,
  );
  const fetchIt = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const isSend = String(input instanceof Request ? input.url : input).includes("messages.send");
    if (!isSend) return fetchIt(input, init);
    note("request");
    const response = await fetchIt(input, init);
    const isStream = response.headers.get("content-type")?.includes("jsonl") === true;
    if (!response.body || !isStream) return response;
    const decoder = new TextDecoder();
    const seen = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(bytes, controller) {
          see(decoder.decode(bytes, { stream: true }));
          controller.enqueue(bytes);
        },
      }),
    );
    return new Response(seen, response);
  };
  const Source = globalThis.EventSource;
  globalThis.EventSource = class extends Source {
    constructor(url: string | URL, init?: EventSourceInit) {
      super(url, init);
      if (!String(url).includes("messages.stream")) return;
      this.addEventListener("open", () => note("firstByte"));
      this.addEventListener("message", ({ data }) => see(String(data)));
    }
  };
  const isWordThere = () => {
    const answers = document.querySelectorAll('article[data-role="assistant"]');
    const last = answers[answers.length - 1];
    return (
      last?.getAttribute("data-status") === "streaming" &&
      /\d/.test(last.querySelector(".md")?.textContent ?? "")
    );
  };
  new MutationObserver(() => {
    if (!marks || !isWordThere()) return;
    note("word");
    end(marks);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}
