import { QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { FreshQueryClient } from "./fresh-query-client.ts";

/** A query whose requests are answered by the test. */
function startQuery() {
  const client = new FreshQueryClient();
  const requests: PromiseWithResolvers<string>[] = [];
  const observer = new QueryObserver(client, {
    queryKey: ["list"],
    queryFn() {
      const request = Promise.withResolvers<string>();
      requests.push(request);
      return request.promise;
    },
  });
  const results: (string | undefined)[] = [];
  const stop = observer.subscribe(({ data }) => results.push(data));
  return { client, observer, requests, results, stop };
}

test("a first request that is older than a change is not believed", async () => {
  const { client, observer, requests, results, stop } = startQuery();
  const refreshed = client.invalidateQueries({ queryKey: ["list"] });
  expect(requests).toHaveLength(2);
  requests[0]?.resolve("before the change");
  requests[1]?.resolve("after the change");
  await refreshed;
  expect(observer.getCurrentResult()).toMatchObject({
    data: "after the change",
    status: "success",
    fetchStatus: "idle",
  });
  expect(results).not.toContain("before the change");
  stop();
});

test("a first request that fails after a change shows the error of the second", async () => {
  const { client, observer, requests, stop } = startQuery();
  client.setDefaultOptions({ queries: { retry: false } });
  const refreshed = client.invalidateQueries();
  requests[0]?.reject(new Error("before the change"));
  requests[1]?.resolve("after the change");
  await refreshed;
  expect(observer.getCurrentResult().error).toBeNull();
  expect(observer.getCurrentResult().data).toBe("after the change");
  stop();
});

test("a first request is kept when nothing shows it, or when no new one is wanted", async () => {
  const { client, observer, requests, stop } = startQuery();
  void client.invalidateQueries({ queryKey: ["list"], refetchType: "none" });
  void client.invalidateQueries({ queryKey: ["list"] }, { cancelRefetch: false });
  void client.invalidateQueries({ queryKey: ["another list"] });
  expect(requests).toHaveLength(1);
  stop();
  const refreshed = client.invalidateQueries({ queryKey: ["list"] });
  requests[0]?.resolve("answer");
  await refreshed;
  await expect(observer.refetch({ cancelRefetch: false })).resolves.toMatchObject({
    data: "answer",
  });
  expect(requests).toHaveLength(1);
});
