import { testWalks } from "./support/accessibility.ts";
import { chatWalks } from "./support/page-states.ts";

testWalks(chatWalks);
