/** What the page and a frame say to each other about packages. Imports nothing: frames have it too. */

/** A file of a package, as the list of Pyodide's packages names it. */
export interface PackageFile {
  readonly name: string;
  readonly sha256: string;
}

/** Why a file of a package was not loaded. */
export type PackageProblem =
  /** The operator has not uploaded it. */
  | "missing"
  /** It is not the file that the list means. */
  | "damaged"
  /** It is too much, together with the others. */
  | "too-large"
  | "failed";

/** A file of a package that was asked for. */
export type LoadedFile = { readonly name: string } & (
  | { readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly problem: PackageProblem }
);

/** The page's answer to a message that asks for packages. */
export interface PackagesAnswer {
  readonly type: "packages";
  readonly files: readonly LoadedFile[];
}

/** The memory of an answer's files, which moves with the message, because it can be large. */
export function transfersOf({ files }: PackagesAnswer): ArrayBuffer[] {
  return files.flatMap((file) => ("bytes" in file ? [file.bytes.buffer] : []));
}
