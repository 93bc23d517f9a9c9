import type { Contract, ObjectCall, Procedure, WebContract } from "./contract.ts";
import { findMisfits, type JsonSchema, type Misfit, type Reading } from "./schema-misfits.ts";

/** The two sides of one way through a call. */
interface Way {
  readonly call: string;
  readonly sender: string;
  readonly receiver: string;
}

const webApp = "an older web app";
const worker = "this worker";
const olderCode = "older code";
const newerCode = "this code";

/** The worker parses inputs, and drops the fields that it does not know. */
const workerReading: Reading = { losesUnknownFields: true, holdsBounds: true };
/** The web app reads fields by name, and checks nothing. */
const webReading: Reading = { losesUnknownFields: false, holdsBounds: false };
/** Objects are called with values of types, which are not parsed. */
const objectReading: Reading = { losesUnknownFields: false, holdsBounds: false };

/**
 * Finds what breaks for web apps that were built for an earlier contract, and between objects that
 * still run its code and this code.
 *
 * @returns a sentence for each, in the order of the earlier contract
 */
export function findBreaks(earlier: Contract, current: Contract): string[] {
  return [
    ...findProcedureBreaks(earlier, current),
    ...Object.entries(earlier.objects).flatMap(([name, before]) =>
      compareObjectCall(name, before, current.objects[name]),
    ),
  ];
}

/** The part of {@link findBreaks} that concerns web apps and not objects. */
export function findProcedureBreaks(earlier: WebContract, current: WebContract): string[] {
  return Object.entries(earlier.procedures).flatMap(([path, before]) =>
    compareProcedure(path, before, current.procedures[path]),
  );
}

/**
 * Finds the calls of objects that the earlier contract does not have. Until the objects have taken
 * the new code, which can take `max_delay` of wrangler.toml, such a call may fail.
 */
export function findNewObjectCalls(earlier: Contract, current: Contract): string[] {
  return Object.keys(current.objects).filter((name) => !earlier.objects[name]);
}

function compareProcedure(
  path: string,
  before: Procedure,
  after: Procedure | undefined,
): readonly string[] {
  if (!after) return [`${path}: ${webApp} calls it, and ${worker} does not have it.`];
  if (before.kind !== after.kind) {
    return [`${path}: ${webApp} calls it as a ${before.kind}, and it is a ${after.kind}.`];
  }
  const toWorker: Way = { call: path, sender: webApp, receiver: worker };
  const toWeb: Way = { call: path, sender: worker, receiver: webApp };
  return [
    ...compareInput(toWorker, before, after),
    ...sentences(toWeb, "the output", findMisfits(after.output, before.output, webReading)),
  ];
}

function compareInput(way: Way, before: Procedure, after: Procedure): string[] {
  if (before.isInputOptional && !after.isInputOptional) {
    return [`${way.call}: ${way.receiver} needs an input, which ${way.sender} may leave out.`];
  }
  if (!before.input) return [];
  if (!after.input) {
    return [`${way.call}: ${way.sender} sends an input, which ${way.receiver} does not read.`];
  }
  return sentences(way, "the input", findMisfits(before.input, after.input, workerReading));
}

/** Older code calls newer objects, and newer code older objects. */
function compareObjectCall(
  call: string,
  before: ObjectCall,
  after: ObjectCall | undefined,
): readonly string[] {
  if (!after) return [`${call}: ${olderCode} calls it, and ${newerCode} does not have it.`];
  const fromOlder: Way = { call, sender: olderCode, receiver: newerCode };
  const toOlder: Way = { call, sender: newerCode, receiver: olderCode };
  const compare = (written: JsonSchema, read: JsonSchema) =>
    findMisfits(written, read, objectReading);
  return [
    ...sentences(fromOlder, "what it takes", compare(before.takes, after.takes)),
    ...sentences(toOlder, "what it takes", compare(after.takes, before.takes)),
    ...sentences(toOlder, "what it gives", compare(after.gives, before.gives)),
    ...sentences(fromOlder, "what it gives", compare(before.gives, after.gives)),
  ];
}

function sentences(way: Way, whole: string, misfits: readonly Misfit[]): string[] {
  return misfits.map((misfit) => sentence(way, whole, misfit));
}

function sentence({ call, sender, receiver }: Way, whole: string, misfit: Misfit): string {
  const what = misfit.path === "" ? whole : `\`${misfit.path}\` in ${whole}`;
  switch (misfit.kind) {
    case "missing":
      return `${call}: ${receiver} needs ${what}, which ${sender} may leave out.`;
    case "unread":
      return `${call}: ${sender} sends ${what}, which ${receiver} does not read.`;
    case "values":
      return `${call}: ${sender} may send ${misfit.values.join(", ")} as ${what}, which ${receiver} does not know.`;
    case "type":
      return `${call}: ${sender} may send a value of type ${misfit.written} as ${what}, where ${receiver} knows ${misfit.read}.`;
    case "bound":
      return `${call}: ${sender} may send values as ${what} that ${receiver} refuses (${misfit.keyword}).`;
  }
}
