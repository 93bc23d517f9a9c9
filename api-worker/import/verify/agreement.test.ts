/** Conversion and comparison share no code, and read a part alike. */
import { expect, test } from "vitest";
import { convertGroup } from "../convert/convert-group.ts";
import { chatGroup, contextOf, messageRow, rowsOf } from "../test/conversion.ts";
import { expectChat, placeChat } from "./expect/chat.ts";
import { storedParts } from "./expect/message-parts.ts";

/** The parts of a message as they are stored, and in the form of either side. */
function bothSides(role: string, json: string, attachments = "[]") {
  const row = { ...messageRow(1, role, []), parts: `[${json}]`, attachments };
  const group = chatGroup({ messages: [row] });
  const context = contextOf();
  const [message] = rowsOf(convertGroup(group, context, new Map()), "messages");
  const stored = String(message?.parts);
  const repeatedIds = new Set<string>();
  const placed = placeChat(group, { zone: "UTC", repeatedIds });
  const rows = expectChat(group, placed, {
    ...{ shape: context.shape, zone: "UTC", uploads: new Map(), overflows: new Map(), repeatedIds },
    addresses: { keeperOf: () => undefined },
  });
  const expected = rows.find(({ table }) => table.name === "messages")?.values.parts;
  return { stored, expected, found: storedParts(stored) };
}

const tool = `"type":"tool-x","toolCallId":"c"`;
const call = `"toolCallId":"c","toolName":"x","args":{}`;

test.each([
  `{"type":"text","text":"Tea","state":"done","colour":"red"}`,
  `{"type":"text","text":"Tea","state":7,"colour":"red"}`,
  `{"type":"text","text":"Tea","citations":[],"providerMetadata":{},"id":"t"}`,
  `{"type":"reasoning","text":"Hm","id":"r","effort":{"level":3}}`,
  `{"type":"source-url","sourceId":"s","url":"https://a.example/","rank":1}`,
  `{"type":"source","source":{"sourceType":"url","id":"s","url":"https://a.example/","rank":1}}`,
  `{"type":"source-document","sourceId":"s","mediaType":"text/plain","title":"A","url":"x"}`,
  `{"type":"data-map","id":"m","data":[1],"transient":true}`,
  `{"type":"data-map","id":5,"data":[1]}`,
  `{"type":"file","url":"https://a.example/x.png","mediaType":"image/png","size":5}`,
  `{"type":"image","image":"https://a.example/x.png","providerOptions":{"a":{"b":1}}}`,
  `{${tool},"state":"output-available","input":{},"output":1,"errorText":"No","step":4}`,
  `{${tool},"state":"output-error","input":{},"output":1,"errorText":"No"}`,
  `{${tool},"state":"input-available","input":{},"toolName":"y","output":2}`,
  `{${tool},"state":"output-denied","input":{},"approval":{"id":"a","approved":false,"by":"me"}}`,
  `{"type":"dynamic-tool","toolName":"y","toolCallId":"c","state":"output-available","output":1,"a":1}`,
  `{"type":"tool-invocation","toolInvocation":{${call},"state":"result","result":1,"took":9}}`,
  `{"type":"tool-call",${call},"took":9}`,
  `{"type":"tool-result","toolCallId":"c","toolName":"x","result":{"a":1},"took":9}`,
  // Numbers that JavaScript rounds, or has no finite one for.
  `{${tool},"state":"output-available","input":{"id":9007199254740993},"output":1.00}`,
  `{${tool},"state":"output-available","input":[-0.12345678901234567890],"output":[1e400, 5e-324]}`,
  `{"type":"hologram","x":12345678901234567890}`,
  `{"type":"data-map","data":{"a":[1E5, 0.30000000000000004, 9007199254740991]}}`,
])("%s", (json) => {
  const { stored, expected, found } = bothSides("assistant", json);
  expect(found).toBe(expected);
  for (const [number] of json.matchAll(/\d{16,}|1e400/g)) expect(stored).toContain(number);
});

test("an attachment with further fields", () => {
  const attachment = `{"url":"https://a.example/x.png","name":"x.png","pathname":"u/x.png"}`;
  const { stored, expected, found } = bothSides("user", `"Look"`, `[${attachment}]`);
  expect(found).toBe(expected);
  expect(stored).toContain("pathname");
});

test("a changed digit, and a field that is lost", () => {
  const json = `{${tool},"state":"output-available","input":{"id":9007199254740993},"output":1,"took":9}`;
  const { stored, expected } = bothSides("assistant", json);
  expect(storedParts(stored.replace("0993", "0992"))).not.toBe(expected);
  expect(storedParts(stored.replace(String.raw`\"took\":9`, ""))).not.toBe(expected);
});
