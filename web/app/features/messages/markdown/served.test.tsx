import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Served } from "./served.tsx";

describe("content rendered by the server", () => {
  it("is in an element with an id, by which the browser finds it", () => {
    const html = renderToString(
      <Served as="code" source="x">
        <b>x</b>
      </Served>,
    );
    expect(html).toMatch(/^<code id="[^"]+"><b>x<\/b><\/code>$/);
  });
});
