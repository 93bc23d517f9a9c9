import { type Tool, tool, zodSchema } from "ai";
import { Parser } from "expr-eval-fork";
import { z } from "zod";
import { ToolFailure } from "./tool-failure.ts";

// A variable of its own, because the types do not know `array` yet.
const operators = {
  add: true,
  subtract: true,
  multiply: true,
  divide: true,
  remainder: true,
  power: true,
  factorial: true,
  concatenate: false,
  conditional: false,
  logical: false,
  comparison: false,
  in: false,
  assignment: false,
  array: false,
  fndef: false,
};
const parser = new Parser({ operators });
// Only functions from numbers to a number that take constant time.
const { min, max, pow } = parser.functions;
parser.functions = { min, max, pow };
const {
  abs,
  acos,
  asin,
  atan,
  cbrt,
  ceil,
  cos,
  exp,
  floor,
  log,
  log10,
  log2,
  round,
  sin,
  sqrt,
  tan,
} = parser.unaryOps;
const { "-": negate, "+": plus, "!": factorial } = parser.unaryOps;
parser.unaryOps = {
  ...{ "-": negate, "+": plus, "!": factorial },
  ...{
    abs,
    acos,
    asin,
    atan,
    cbrt,
    ceil,
    cos,
    exp,
    floor,
    log,
    log10,
    log2,
    round,
    sin,
    sqrt,
    tan,
  },
};
parser.consts = { pi: Math.PI, e: Math.E };

/** A double has no more significant digits. */
const significantDigits = 15;

/**
 * Evaluates an arithmetic expression.
 *
 * @throws ToolFailure that says what is wrong with it
 */
export function calculate(expression: string): number {
  let value: unknown;
  try {
    value = parser.parse(expression).evaluate({});
  } catch (error) {
    throw new ToolFailure(complaint(error));
  }
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new ToolFailure("The result isn’t a finite number.");
  }
  return Number(value.toPrecision(significantDigits));
}

/** What is wrong with an expression, in our words: the parser's are for programmers. */
function complaint(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  const name = /^undefined variable: (\w{1,40})$/.exec(message)?.[1];
  if (name) return `This can’t be calculated: “${name}” isn’t a number or function that is known.`;
  const column = /^parse error \[1:(\d+)\]/.exec(message)?.[1];
  if (column) return `This can’t be calculated: it can’t be read from character ${column} on.`;
  return "This can’t be calculated. Use numbers, operators, parentheses and the functions named.";
}

export const calculator: Tool<{ expression: string }, { expression: string; result: number }> =
  tool({
    description:
      "Works out an arithmetic expression: + - * / % ^ !, parentheses, pi, e, and the functions abs, sqrt, cbrt, exp, log (natural), log2, log10, sin, cos, tan, asin, acos, atan (radians), min, max, pow, round, floor, ceil.",
    inputSchema: zodSchema(
      z.object({
        expression: z.string().min(1).max(500).describe("For example: 2 * (3 + 4)^2"),
      }),
    ),
    execute: ({ expression }) => ({ expression, result: calculate(expression) }),
  });
