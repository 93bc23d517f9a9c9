import { testWalks } from "./support/accessibility.ts";
import { pageWalks } from "./support/page-states.ts";

testWalks(pageWalks);
