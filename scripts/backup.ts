import { runBackupCommand } from "./lib/backup/command.ts";
import { runScript } from "./lib/failure.ts";

await runScript(() => runBackupCommand(process.argv.slice(2), (line) => console.log(line)));
