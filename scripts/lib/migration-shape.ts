/**
 * The shape of a migration that D1 takes on the platform too. Locally a file is split into statements
 * by wrangler, which knows SQL. On the platform `wrangler d1 migrations apply` sends the whole file,
 * and the server splits it by a simpler rule: what it mistakes for the end of a statement is refused
 * with "incomplete input" (cloudflare/workers-sdk 15690, 15314, 14991, 4998, 3892).
 */

interface Token {
  readonly kind: "comment" | "quoted" | "word" | "symbol";
  readonly text: string;
  /** Offset in the file. */
  readonly start: number;
}

/** Comments, quoted texts and names, words, and single other characters; anything but spaces. */
const tokenPattern =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<word>[\w$\u0080-\uffff]+)|(?<symbol>\S)/g;

function readTokens(sql: string): Token[] {
  return Array.from(sql.matchAll(tokenPattern), ({ 0: text, index: start, groups }) => {
    const { comment, quoted, word } = groups ?? {};
    if (comment !== undefined) return { kind: "comment", text, start };
    if (quoted !== undefined) return { kind: "quoted", text, start };
    return { kind: word === undefined ? "symbol" : "word", text, start };
  });
}

/**
 * Finds what the platform would refuse in a migration, or D1 could not export afterwards.
 *
 * @param sql the text of the file
 * @returns a sentence for each fault, with its line; none for a migration of the right shape
 */
export function findShapeFaults(sql: string): string[] {
  const faults: string[] = [];
  const lineOf = (offset: number) => sql.slice(0, offset).split("\n").length;
  const report = ({ start }: Token, fault: string) =>
    faults.push(`line ${lineOf(start)}: ${fault}`);

  if (sql.includes("\r")) faults.push("The line ends are not LF.");
  const tokens = readTokens(sql);
  for (const token of tokens) {
    if (token.kind === "comment" && /[;'"`]/.test(token.text)) {
      report(token, "A comment has a semicolon or a quote mark.");
    }
  }
  for (const statement of readStatements(tokens.filter(({ kind }) => kind !== "comment"))) {
    const [first] = statement;
    if (!first) continue;
    if (startsWith(statement, /^CREATE VIRTUAL\b/)) {
      report(first, "D1 cannot export a database with a virtual table.");
    }
    if (startsWith(statement, triggerStart)) {
      for (const fault of findTriggerFaults(sql, statement)) report(first, fault);
    }
  }
  return faults;
}

const triggerStart = /^CREATE (TEMP |TEMPORARY )?TRIGGER\b/;

function startsWith(statement: readonly Token[], pattern: RegExp): boolean {
  const words = statement.slice(0, 3).map(({ text }) => text.toUpperCase());
  return pattern.test(words.join(" "));
}

/** Splits as SQLite's shell does: a trigger ends at `; END ;`, any other statement at its semicolon. */
function readStatements(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [];
  let statement: Token[] = [];
  for (const token of tokens) {
    statement.push(token);
    if (token.text !== ";") continue;
    const isTrigger = startsWith(statement, triggerStart);
    if (
      isTrigger &&
      !/^; END ;$/i.test(
        statement
          .slice(-3)
          .map(({ text }) => text)
          .join(" "),
      )
    ) {
      continue;
    }
    statements.push(statement);
    statement = [];
  }
  return statement.length > 0 ? [...statements, statement] : statements;
}

function findTriggerFaults(sql: string, statement: readonly Token[]): string[] {
  const faults: string[] = [];
  const start = statement[0]?.start ?? 0;
  const last = statement.at(-1);
  const end = last ? last.start + last.text.length : start;
  if (sql.slice(start, end).includes("\n")) faults.push("A trigger spans several lines.");

  let depth = 0;
  let hasCase = false;
  for (const { kind, text } of statement) {
    if (text === "(") depth++;
    if (text === ")") depth--;
    if (kind === "word" && depth === 0 && text.toUpperCase() === "CASE") hasCase = true;
  }
  if (hasCase) faults.push("A trigger has a CASE outside parentheses.");
  const keywords = statement.filter(
    ({ kind, text }) => kind === "word" && /^(BEGIN|END)$/i.test(text),
  );
  if (keywords.some(({ text }) => text !== text.toUpperCase())) {
    faults.push("A trigger has a BEGIN or END that is not in upper case.");
  }
  return faults;
}
