import type { ViewerOutput } from "api-worker/contracts/auth";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  checkSession,
  followSession,
  noteSessionError,
  otherViewer,
  stayOnPage,
} from "./session-change.ts";

const ada: ViewerOutput = {
  id: "ada",
  email: "ada@example.com",
  name: null,
  role: "user",
  isGuest: false,
};
const zoe: ViewerOutput = { ...ada, id: "zoe", email: "zoe@example.com" };
const assign = vi.fn();
const fetched = vi.fn();

/** Makes the worker say who is logged in. */
const logIn = (viewer: ViewerOutput | null) =>
  fetched.mockImplementation(async () => Response.json({ result: { data: viewer } }));

let now = Date.UTC(2026, 10, 28);
let submit: (event: { target: { action: string } }) => void = () => {};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now });
  vi.stubGlobal("addEventListener", (_: string, listener: typeof submit) => {
    submit = listener;
  });
  vi.stubGlobal("document", {});
  vi.stubGlobal("location", { href: "https://app.test/chat/1", assign });
  vi.stubGlobal("fetch", fetched);
  followSession(ada);
  otherViewer.set(null);
  assign.mockReset();
  fetched.mockReset();
});
afterEach(() => {
  // Whatever was submitted in this test is over in the next.
  const over = Date.now() + 60_000;
  vi.useRealTimers();
  now = over;
  vi.unstubAllGlobals();
});

test("a page whose session has ended goes to the login page, which returns to it", async () => {
  logIn(null);
  await checkSession("page");
  expect(assign).toHaveBeenCalledExactlyOnceWith("/login?next=%2Fchat%2F1");
  expect(otherViewer.value).toBeNull();
});

test("a page stays when someone else is logged in, and says who", async () => {
  logIn(zoe);
  await checkSession("page");
  expect(assign).not.toHaveBeenCalled();
  expect(otherViewer.value).toEqual(zoe);
  logIn(ada);
  await checkSession("page");
  expect(otherViewer.value).toBeNull();
});

test("a user who stays on the page is told again only after asking something of it", async () => {
  logIn(zoe);
  await checkSession("page");
  stayOnPage();
  expect(otherViewer.value).toBeNull();
  await checkSession("page");
  expect(otherViewer.value).toBeNull();
  // The page looks already when the user asks.
  await Promise.all([checkSession("page"), checkSession("user")]);
  expect(otherViewer.value).toEqual(zoe);
});

test("a user who stays on the page is told when yet another user logs in", async () => {
  logIn(zoe);
  await checkSession("page");
  stayOnPage();
  logIn({ ...zoe, id: "eve" });
  await checkSession("page");
  expect(otherViewer.value?.id).toBe("eve");
});

test("nothing happens when the server cannot be reached, or fails", async () => {
  fetched.mockRejectedValueOnce(new TypeError("offline"));
  await checkSession("page");
  fetched.mockResolvedValueOnce(Response.json({ error: {} }, { status: 500 }));
  await checkSession("page");
  expect(assign).not.toHaveBeenCalled();
  expect(otherViewer.value).toBeNull();
});

test("only errors about the session ask, and many of them ask once", async () => {
  logIn(ada);
  noteSessionError(Object.assign(new Error("x"), { data: { errorCode: "NOT_FOUND" } }), "user");
  expect(fetched).not.toHaveBeenCalled();
  for (const errorCode of ["UNAUTHENTICATED", "OTHER_VIEWER"]) {
    noteSessionError(Object.assign(new Error("x"), { data: { errorCode } }), "user");
  }
  await checkSession("page");
  expect(fetched).toHaveBeenCalledExactlyOnceWith("/trpc/auth.me");
});

test.each(["/logout", "/login?next=%2F", "/signup", "/guest"])(
  "a page that sends a form to %s is on its way to another document",
  async (path) => {
    logIn(null);
    submit({ target: { action: `https://app.test${path}` } });
    await checkSession("page");
    expect(assign).not.toHaveBeenCalled();
    // There is no other document after a refused login.
    vi.setSystemTime(Date.now() + 10_000);
    await checkSession("page");
    expect(assign).toHaveBeenCalledOnce();
  },
);

test("any other form changes nothing", async () => {
  logIn(null);
  submit({ target: { action: "https://app.test/share/1" } });
  await checkSession("page");
  expect(assign).toHaveBeenCalledOnce();
});
