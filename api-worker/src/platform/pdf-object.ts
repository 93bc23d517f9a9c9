/** The Durable Object that reads one PDF. */
export function pdfObject(env: Pick<Env, "PDF">, uploadId: string): ReturnType<Env["PDF"]["get"]> {
  return env.PDF.get(env.PDF.idFromName(uploadId));
}
