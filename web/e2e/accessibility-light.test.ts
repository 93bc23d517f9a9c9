import { testPages } from "./support/accessibility.ts";

testPages({ colorScheme: "light", viewport: { width: 1280, height: 800 } });
