import type { AuditEventOutput } from "api-worker/contracts/admin-audit";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { eventFile } from "./event-file.client.ts";

const event: AuditEventOutput = {
  id: "e1",
  createdAt: Date.UTC(2026, 10, 29, 9, 30),
  action: "user.disable",
  actor: { id: "a", email: "admin@example.com", name: null },
  ...{ targetType: "user", targetId: "u" },
  owner: { id: "u", email: "user@example.com", name: "=1+1" },
  reason: 'Says "no",\nthen leaves',
  requestId: "r",
  details: { removed: { chats: 3 } },
};

const read = (csv: string) =>
  Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true }).data;

test("an event is a row, with its time in UTC and its texts as they were written", () => {
  expect(read(eventFile([event], "csv"))).toEqual([
    {
      time: "2026-11-29T09:30:00.000Z",
      ...{ action: "user.disable", actorId: "a", actorEmail: "admin@example.com" },
      ...{ targetType: "user", targetId: "u", ownerId: "u", ownerEmail: "user@example.com" },
      ...{ reason: 'Says "no",\nthen leaves', requestId: "r", id: "e1" },
      details: '{"removed":{"chats":3}}',
    },
  ]);
});

test.each(["=HYPERLINK(A1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])(
  "a spreadsheet takes the reason %j for a text",
  (reason) => {
    const [row] = read(eventFile([{ ...event, reason }], "csv"));
    expect(row?.reason).toMatch(/^'/);
    expect(row?.reason?.slice(1)).toBe(reason);
  },
);

test("the JSON file has the events as the API returns them", () => {
  expect(JSON.parse(eventFile([event], "json"))).toEqual([event]);
});
