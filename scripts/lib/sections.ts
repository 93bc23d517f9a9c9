/** The output of one of several things that run side by side. */
export interface Section {
  write(text: string): void;
  /** Says that nothing more is written. */
  end(): void;
}

/**
 * Puts the output of things that run side by side into order. Each section is printed as a whole, in
 * the order in which the sections were opened. The first that has not ended is printed as it comes,
 * those behind it wait.
 *
 * @returns opens a section
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
