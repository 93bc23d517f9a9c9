import { expect, test } from "vitest";
import { bytesOf, uploadForm } from "../../../../test/files.ts";
import { type FormTargets, readForm } from "./read-form.ts";

test("when it is refused, whatever a target was about to do is done", async () => {
  const response = new Response(uploadForm(bytesOf("hello"), "a.txt", { chatId: "refused" }));
  const contentType = response.headers.get("content-type") ?? "";
  const whole = new Uint8Array(await response.arrayBuffer());
  const boundary = new TextDecoder().decode(whole.subarray(0, whole.indexOf(13)));
  // The file comes first here, and the refused field after it.
  const body = bytesOf(
    `${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n` +
      `${boundary}\r\nContent-Disposition: form-data; name="chatId"\r\n\r\nx\r\n${boundary}--\r\n`,
  );
  let underWay = 0;
  let written = "";
  const refused = Promise.withResolvers<void>();
  const targets: FormTargets = {
    onField() {
      refused.resolve();
      throw new Error("refused");
    },
    onFile: () => ({
      async write(chunk) {
        underWay += 1;
        await refused.promise;
        // Finishes some time later, as storage does.
        await new Promise((resolve) => setTimeout(resolve, 20));
        written += new TextDecoder().decode(chunk);
        underWay -= 1;
      },
      end: async () => undefined,
    }),
  };
  const reading = readForm(new Blob([body]).stream(), contentType, targets, body.length);
  await expect(reading).rejects.toThrow("refused");
  expect({ written, underWay }).toEqual({ written: "hello", underWay: 0 });
});
