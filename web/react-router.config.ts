import type { Config } from "@react-router/dev/config";

export default {
  ssr: true,
  // A handful of routes: knowing them at once costs less than asking for them one by one.
  routeDiscovery: { mode: "initial" },
  // Every flag of version 8, so that the step to it is small.
  future: {
    v8_middleware: true,
    v8_passThroughRequests: true,
    v8_splitRouteModules: true,
    v8_trailingSlashAwareDataRequests: true,
    v8_viteEnvironmentApi: true,
  },
} satisfies Config;
