import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { anonymous, callerFor } from "../../../test/callers.ts";
import { refusalOf } from "../../../test/client.ts";
import { bytesOf, upload } from "../../../test/files.ts";

const folder = "/run/packages/314.0.7";

/** Puts an object where the operator's command puts a package. @returns its address */
async function putPackage(name: string, content = "a wheel"): Promise<string> {
  await env.FILES.put(`python/314.0.7/${name}`, content);
  return `${folder}/${name}`;
}

/** Not `text()`, of which the runtime warns for a file. */
async function contentOf(response: Response): Promise<string> {
  return new TextDecoder().decode(await response.arrayBuffer());
}

test("everyone gets a package, for good, and as nothing but a file", async () => {
  const path = await putPackage("tea-1.0-py3-none-any.whl");
  for (const reader of [anonymous(), await callerFor("owner")]) {
    const response = await reader.fetch(path);
    expect([response.status, await contentOf(response)]).toEqual([200, "a wheel"]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/zip",
      "content-length": "7",
      "cache-control": "public, max-age=31536000, immutable",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
    });
    expect(response.headers.has("access-control-allow-origin")).toBe(false);
    expect(response.headers.has("set-cookie")).toBe(false);
  }
  const head = await anonymous().fetch(path, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length"), await contentOf(head)]).toEqual([
    200,
    "7",
    "",
  ]);
});

test("what is asked for beside the path changes nothing", async () => {
  const path = await putPackage("tea-1.0.zip");
  const init = { headers: { range: "bytes=0-1", "if-none-match": "*" } };
  const response = await anonymous().fetch(`${path}?prefix=uploads&list`, init);
  expect([response.status, await contentOf(response)]).toEqual([200, "a wheel"]);
});

test("nothing else in the bucket can be read here, and nothing is listed", async () => {
  const owner = await callerFor("owner");
  const { id } = await upload(owner, bytesOf("mine"), "a.txt");
  await putPackage("tea-2.0.whl");
  await env.FILES.put("python/secret.whl", "above");
  await env.FILES.put("python/314.0.7/notes.txt", "no package");
  await env.FILES.put("python/314.0.7/deep/tea.whl", "deeper");
  for (const path of [
    "/run/packages/",
    `${folder}`,
    `${folder}/`,
    "/run/packages/secret.whl",
    `${folder}/notes.txt`,
    `${folder}/deep/tea.whl`,
    `${folder}/none.whl`,
    `${folder}/.whl`,
    `${folder}/${"a".repeat(201)}.whl`,
    `${folder}//tea-2.0.whl`,
    `${folder}/tea-2.0.whl/`,
    `${folder}/%74ea-2.0.whl`,
    `${folder}/../secret.whl`,
    `${folder}/..%2fsecret.whl`,
    `${folder}/%2e%2e/secret.whl`,
    `${folder}/..%5csecret.whl`,
    `/run/packages/../uploads/${id}`,
    `/run/packages/..%2f..%2fuploads%2f${id}`,
    `/run/packages/314.0.7%2ftea-2.0.whl`,
  ]) {
    const response = await owner.fetch(path);
    expect([path, (await refusalOf(response)).status]).toEqual([path, 404]);
    expect(response.headers.get("cache-control")).toBe("no-store");
  }
});

test("packages can be read only", async () => {
  const path = await putPackage("tea-3.0.whl");
  for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
    const response = await (await callerFor("admin")).fetch(path, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  }
  expect(await (await env.FILES.get("python/314.0.7/tea-3.0.whl"))?.text()).toBe("a wheel");
});

test("reads count by the reader’s address", async () => {
  const path = await putPackage("tea-4.0.whl");
  const keys: string[] = [];
  const counted = vi.spyOn(env.READ_BY_ADDRESS, "limit");
  counted.mockImplementation(async ({ key }) => {
    keys.push(key);
    return { success: keys.length <= 2 };
  });
  const reader = anonymous({ address: "2001:db8:7:2::5" });
  expect((await reader.fetch(path)).status).toBe(200);
  expect((await reader.fetch(`${folder}/none.whl`)).status).toBe(404);
  expect(await refusalOf(await reader.fetch(path))).toMatchObject({
    status: 429,
    code: "RATE_LIMITED",
  });
  expect(keys).toEqual(Array(3).fill("2001:db8:7:2::/64"));
  counted.mockRestore();
});
