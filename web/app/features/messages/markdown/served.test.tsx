import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Served } from "./served.tsx";

describe("what the server renders", () => {
  it("has its content in an element with an id that the browser finds it by", () => {
    const html = renderToString(
      <Served as="code" source="x">
        <b>x</b>
      </Served>,
    );
    expect(html).toMatch(/^<code id="[^"]+"><b>x<\/b><\/code>$/);
  });
});
