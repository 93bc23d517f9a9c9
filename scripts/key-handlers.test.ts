import { globSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { fromRoot } from "./lib/paths.ts";

/**
 * Key handlers of the web app go through `ignoringComposition` (web/app/lib/keyboard.ts), so that no
 * key of an input method sends, saves or closes anything.
 */
const guard = "ignoringComposition";

const handlerNames = /^onKey(Down|Up|Press)(Capture)?$/;
const eventNames: ReadonlySet<string> = new Set(["keydown", "keyup", "keypress"]);
/** Components of the library that handle keys of their text box themselves. */
const libraryInputs: ReadonlySet<string> = new Set(["Autocomplete.Input", "Combobox.Input"]);

/** Code that may name a key event without handling keys: any key there means a reader. */
const exempt: ReadonlySet<string> = new Set(["features/messages/list/use-stick-to-bottom.ts"]);

/** @returns the lines of a file with a key handler that is not guarded */
function findUnguarded(name: string, text: string): string[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const guarded = new Set<string>();
  const found: string[] = [];
  const report = (node: ts.Node) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    found.push(`${name}:${line + 1}`);
  };
  const isGuarded = (value: ts.Expression | undefined): boolean => {
    if (!value) return false;
    if (ts.isIdentifier(value)) return guarded.has(value.text);
    return ts.isCallExpression(value) && value.expression.getText(file) === guard;
  };
  const collect = (node: ts.Node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && isGuarded(node.initializer))
      guarded.add(node.name.text);
    ts.forEachChild(node, collect);
  };
  const check = (node: ts.Node) => {
    if (ts.isJsxAttribute(node) && handlerNames.test(node.name.getText(file))) {
      const { initializer } = node;
      const value =
        initializer && ts.isJsxExpression(initializer) ? initializer.expression : undefined;
      if (!isGuarded(value)) report(node);
    } else if (ts.isPropertyAssignment(node) && handlerNames.test(node.name.getText(file))) {
      if (!isGuarded(node.initializer)) report(node);
    } else if (ts.isShorthandPropertyAssignment(node) && handlerNames.test(node.name.text)) {
      if (!guarded.has(node.name.text)) report(node);
    } else if (ts.isStringLiteral(node) && eventNames.has(node.text) && !isInGuardedCall(node)) {
      report(node);
    } else if (ts.isPropertyAccessExpression(node) && /^onkey/.test(node.name.text)) {
      report(node);
    } else if (ts.isJsxOpeningLikeElement(node) && libraryInputs.has(node.tagName.getText(file))) {
      const names = node.attributes.properties.map((one) => one.name?.getText(file));
      if (!names.includes("onKeyDown")) report(node);
    }
    ts.forEachChild(node, check);
  };
  /** Whether an event's name is the first argument of a call that adds or removes its listener. */
  const isInGuardedCall = (node: ts.StringLiteral): boolean => {
    const call = node.parent;
    if (!ts.isCallExpression(call) || call.arguments[0] !== node) return false;
    const isListener = /\.?(add|remove)EventListener$/.test(call.expression.getText(file));
    return isListener && isGuarded(call.arguments[1]);
  };
  collect(file);
  check(file);
  return found;
}

test("every key handler of the web app ignores the keys of input methods", () => {
  const root = fromRoot("web/app");
  const files = globSync("**/*.{ts,tsx}", { cwd: root }).filter(
    (name) => !/\.test\.tsx?$/.test(name) && !exempt.has(name),
  );
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((name) =>
    findUnguarded(name, readFileSync(`${root}/${name}`, "utf8")),
  );
  expect(found).toEqual([]);
});

test.each([
  "<input onKeyDown={(event) => save(event)} />",
  "<input onKeyDown={handle} />",
  "<input onKeyUpCapture={props.onKeyUp} />",
  "<Combobox.Input />",
  '<Autocomplete.Input aria-label="Search" />',
  "return { onKeyDown };",
  "return { onKeyDown: (event) => save(event) };",
  'document.addEventListener("keydown", onKeyDown);',
  'drawer?.addEventListener("keyup", (event) => close(event));',
  'const events = ["wheel", "keydown"];',
  "document.onkeydown = save;",
])("finds %s", (text) => {
  expect(findUnguarded("a.tsx", text)).toEqual(["a.tsx:1"]);
});

test.each([
  "const onKeyDown = ignoringComposition(save); <input onKeyDown={onKeyDown} />;",
  "<Combobox.Input onKeyDown={ignoringComposition(save, refuse)} />",
  "const onKeyDown = ignoringComposition(save); return { onKeyDown };",
  'const onKeyDown = ignoringComposition(save); document.addEventListener("keydown", onKeyDown);',
])("accepts %s", (text) => {
  expect(findUnguarded("a.tsx", text)).toEqual([]);
});
