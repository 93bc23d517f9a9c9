import type { Config } from "@react-router/dev/config";

export default {
  ssr: true,
  // There are few routes: shipping all of them at once costs less than asking for them one by one.
  routeDiscovery: { mode: "initial" },
  // All flags for version 8, to keep that upgrade small.
  future: {
    v8_middleware: true,
    v8_passThroughRequests: true,
    v8_splitRouteModules: true,
    v8_trailingSlashAwareDataRequests: true,
    v8_viteEnvironmentApi: true,
  },
} satisfies Config;
