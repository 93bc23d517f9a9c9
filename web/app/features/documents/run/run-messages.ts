import { z } from "zod";
import { runLimits } from "./run-limits.ts";

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const pieceSchema = z.object({
  stream: z.enum(["stdout", "stderr", "result", "note"]),
  text: z.string().max(runLimits.pieceMaxLength),
});

/** A file of a package, as the list of Pyodide's packages names it. */
const packageFileSchema = z.object({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}\.(?:whl|zip)$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A message of a run's frame. What runs can send any of them, so they are data and nothing else. */
export const runMessageSchema = z.discriminatedUnion("type", [
  /** The next phase has begun. A run begins with loading. */
  z.object({ type: z.literal("phase"), phase: z.enum(["packages", "running"]) }),
  /** Asks for files of packages, once, before the phase in which the code runs. */
  z.object({
    type: z.literal("packages"),
    files: z.array(packageFileSchema).max(runLimits.packageFilesMax),
  }),
  z.object({
    type: z.literal("output"),
    pieces: z.array(pieceSchema).max(runLimits.piecesPerMessageMax),
  }),
  z.object({
    type: z.literal("picture"),
    png: z
      .instanceof(Uint8Array)
      .refine(({ length }) => length <= runLimits.pictureMaxBytes)
      .refine((bytes) => pngSignature.every((byte, index) => bytes[index] === byte)),
  }),
  z.object({ type: z.literal("error"), text: z.string().max(runLimits.errorMaxLength) }),
  z.object({ type: z.literal("end"), reason: z.enum(["done", "not-loaded", "overflow"]) }),
]);
export type RunMessage = z.infer<typeof runMessageSchema>;
export type OutputPiece = z.infer<typeof pieceSchema>;
