/** The output of one of several concurrent tasks. */
export interface Section {
  write(text: string): void;
  /** Marks the section as complete. */
  end(): void;
}

/**
 * Orders the output of concurrent tasks. Each section is printed as a whole, in the order in which
 * the sections were opened. The first unfinished section is printed as it arrives, and those after
 * it wait.
 *
 * @returns a function that opens a section
 */
export function createSections(print: (text: string) => void): () => Section {
  const waiting: { readonly texts: string[]; isEnded: boolean }[] = [];
  const flush = () => {
    for (let first = waiting[0]; first; first = waiting[0]) {
      for (const text of first.texts.splice(0)) print(text);
      if (!first.isEnded) return;
      waiting.shift();
    }
  };
  return () => {
    const section = { texts: [] as string[], isEnded: false };
    waiting.push(section);
    return {
      write(text) {
        section.texts.push(text);
        flush();
      },
      end() {
        section.isEnded = true;
        flush();
      },
    };
  };
}
