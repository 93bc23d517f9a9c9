/** Pieces of SQL for the source. */

/** A text in SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * The MD5 and the bytes of each row's text, as a table expression with the columns `id`, `hash` and
 * `bytes`. To write a row as text costs more than to hash it, and Postgres would do so again for each
 * use of the text if it could merge these statements, which OFFSET forbids.
 *
 * @param texts a statement for the rows' `id` and `text`
 */
export function hashedRows(texts: string): string {
  return `(SELECT id, md5(text) AS hash, octet_length(text) AS bytes
    FROM (${texts} OFFSET 0) AS texts OFFSET 0) AS hashes`;
}

/**
 * The digest of a set of hashed rows, whatever their order: two sums of 60 bits of each row's MD5 and
 * the number of rows. It finds what changed and is no proof; the comparison after a run is. The sums
 * are of bigint, which Postgres adds up much faster than numeric.
 */
export const digestOfHashes = `concat_ws('.', count(*), ${sumOfBits(1)}, ${sumOfBits(16)})`;

function sumOfBits(from: number): string {
  return `sum(('x' || substr(hash, ${from}, 15))::bit(60)::bigint)`;
}
