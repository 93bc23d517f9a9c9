/**
 * Downloads texts, one after the other, as one file. Browser only.
 *
 * @param mediaType with its charset
 */
export function saveFile(fileName: string, texts: readonly string[], mediaType: string): void {
  const url = URL.createObjectURL(new Blob([...texts], { type: mediaType }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
