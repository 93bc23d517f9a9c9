import { isList, isObject, type Json, type JsonObject } from "../canonical-json.ts";
import {
  type Atom,
  atomsOf,
  endCall,
  endOf,
  isEmpty,
  isOpenCall,
  legacyAtom,
  textOfAtom,
  without,
} from "./atoms.ts";

/**
 * An answer that is spread over the messages of a model's steps. As the template's own conversion had
 * it: of each step the text first and then the calls, a result in its call, and what a later step
 * repeats only once.
 */
export class Answer {
  readonly #atoms: Atom[] = [];
  readonly #seen = new Set<string>();
  /** Where the first call of each id is. */
  readonly #calls = new Map<string, number>();

  get atoms(): readonly Atom[] {
    return this.#atoms;
  }

  addStep(atoms: readonly Atom[]): void {
    for (const atom of atoms) if (atom.kind !== "tool") this.#addOnce(atom);
    for (const atom of atoms) {
      if (atom.kind !== "tool") continue;
      const callId = atom.callId ?? "";
      if (!this.#calls.has(callId)) this.#calls.set(callId, this.#atoms.length);
      this.#atoms.push(atom);
    }
  }

  /** Adds a message of the role `tool`. */
  addResults(fields: JsonObject): void {
    const { content = null } = fields;
    for (const raw of isList(content) ? content : content === null ? [] : [content]) {
      if (!this.#endsCall(raw)) this.#atoms.push(...atomsOf(raw));
    }
  }

  #addOnce(atom: Atom): void {
    if (atom.kind !== "file") {
      const text = textOfAtom(atom);
      if (this.#seen.has(text)) return;
      this.#seen.add(text);
    }
    this.#atoms.push(atom);
  }

  #endsCall(raw: Json): boolean {
    if (!isObject(raw) || raw.type !== "tool-result" || typeof raw.toolName !== "string")
      return false;
    const at = this.#calls.get(String(raw.toolCallId));
    const call = at === undefined ? undefined : this.#atoms[at];
    if (at === undefined || call?.kind !== "tool" || !isOpenCall(call)) return false;
    this.#atoms[at] = endCall(call, endOf(raw));
    const known = ["toolName", "toolCallId", "args", "input", "result", "output", "isError"];
    const rest = without(raw, known);
    if (!isEmpty(rest)) this.#atoms.push(legacyAtom(rest));
    return true;
  }
}
