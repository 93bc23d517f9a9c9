import { type Tool, tool } from "ai";
import {
  absDependencies,
  acosDependencies,
  addDependencies,
  asinDependencies,
  atanDependencies,
  cbrtDependencies,
  ceilDependencies,
  cosDependencies,
  create,
  divideDependencies,
  eDependencies,
  expDependencies,
  type FactoryFunctionMap,
  factorialDependencies,
  floorDependencies,
  log2Dependencies,
  log10Dependencies,
  logDependencies,
  type MathNode,
  maxDependencies,
  minDependencies,
  modDependencies,
  multiplyDependencies,
  parseDependencies,
  piDependencies,
  powDependencies,
  roundDependencies,
  sinDependencies,
  sqrtDependencies,
  subtractDependencies,
  tanDependencies,
  unaryMinusDependencies,
  unaryPlusDependencies,
} from "mathjs/number";
import { z } from "zod";
import { ToolFailure } from "./tool-failure.ts";

/** No more of the library than is listed: its types allow that a part is not there. */
const factories = {
  absDependencies,
  acosDependencies,
  addDependencies,
  asinDependencies,
  atanDependencies,
  cbrtDependencies,
  ceilDependencies,
  cosDependencies,
  divideDependencies,
  eDependencies,
  expDependencies,
  factorialDependencies,
  floorDependencies,
  log2Dependencies,
  log10Dependencies,
  logDependencies,
  maxDependencies,
  minDependencies,
  modDependencies,
  multiplyDependencies,
  parseDependencies,
  piDependencies,
  powDependencies,
  roundDependencies,
  sinDependencies,
  sqrtDependencies,
  subtractDependencies,
  tanDependencies,
  unaryMinusDependencies,
  unaryPlusDependencies,
};
const math = create(factories as FactoryFunctionMap);

/** What an expression may be made of: no assignments, no definitions, no ranges, no objects. */
const allowedNodes = new Set([
  "ConstantNode",
  "FunctionNode",
  "OperatorNode",
  "ParenthesisNode",
  "SymbolNode",
]);
const allowedNames = new Set(
  "abs acos asin atan cbrt ceil cos e exp factorial floor log log2 log10 max min mod pi pow round sin sqrt tan".split(
    " ",
  ),
);
/** A float holds no more digits that mean something. */
const significantDigits = 15;

/**
 * Works out an expression.
 *
 * @throws ToolFailure with what is wrong
 */
export function calculate(expression: string): number {
  let node: MathNode;
  try {
    node = math.parse(expression);
  } catch (error) {
    throw new ToolFailure(`This is no expression: ${(error as Error).message}`);
  }
  node.traverse((part) => {
    if (!allowedNodes.has(part.type))
      throw new ToolFailure("Only an expression can be worked out.");
    if (part.type === "SymbolNode" && !allowedNames.has(part.toString())) {
      throw new ToolFailure(`"${part.toString()}" is not known here.`);
    }
  });
  const value: unknown = node.evaluate();
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new ToolFailure("The result is not a finite number.");
  }
  return Number(value.toPrecision(significantDigits));
}

export const calculator: Tool<{ expression: string }, { expression: string; result: number }> =
  tool({
    description:
      "Works out an arithmetic expression: + - * / % ^ !, parentheses, pi, e, and the functions abs, sqrt, cbrt, exp, log (natural), log2, log10, sin, cos, tan, asin, acos, atan (radians), min, max, mod, round, floor, ceil, factorial.",
    inputSchema: z.object({
      expression: z.string().min(1).max(500).describe("For example: 2 * (3 + 4)^2"),
    }),
    execute: ({ expression }) => ({ expression, result: calculate(expression) }),
  });
