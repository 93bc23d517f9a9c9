/**
 * Whether files may come from an address. Only a store on this machine is asked without encryption.
 *
 * @param hosts names of hosts, with a port unless it is the usual one, and `*.` for any name below
 */
export function isNamedHost(url: URL, hosts: readonly string[]): boolean {
  const isLocal = url.hostname === "localhost" || url.hostname === "127.0.0.1";
  if (url.protocol !== "https:" && !(isLocal && url.protocol === "http:")) return false;
  if (url.username !== "" || url.password !== "") return false;
  return hosts.some((host) => {
    return host.startsWith("*.") ? url.host.endsWith(host.slice(1)) : url.host === host;
  });
}
