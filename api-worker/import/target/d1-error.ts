/** An answer of D1 that is an error: its own words. */
export class D1Error extends Error {
  override readonly name = "D1Error";
}
