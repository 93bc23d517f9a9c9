import { testPages } from "./support/accessibility.ts";

testPages({ colorScheme: "dark", viewport: { width: 390, height: 844 } });
