import { z } from "zod";
/** Trimmed and case-folded, so that one person has one account. */
export declare const emailSchema: z.ZodPipe<z.ZodString, z.ZodEmail>;
export declare const newPasswordSchema: z.ZodString;
export declare const signUpInput: z.ZodObject<
  {
    email: z.ZodPipe<z.ZodString, z.ZodEmail>;
    password: z.ZodString;
    name: z.ZodOptional<z.ZodString>;
  },
  z.core.$strip
>;
export declare const logInInput: z.ZodObject<
  {
    email: z.ZodPipe<z.ZodString, z.ZodEmail>;
    password: z.ZodString;
  },
  z.core.$strip
>;
export declare const viewerOutput: z.ZodObject<
  {
    id: z.ZodString;
    email: z.ZodNullable<z.ZodString>;
    name: z.ZodNullable<z.ZodString>;
    role: z.ZodEnum<{
      user: "user";
      admin: "admin";
    }>;
    isGuest: z.ZodBoolean;
  },
  z.core.$strip
>;
export type ViewerOutput = z.infer<typeof viewerOutput>;
export declare const sessionOutput: z.ZodObject<
  {
    id: z.ZodString;
    createdAt: z.ZodNumber;
    expiresAt: z.ZodNumber;
    lastSeenAt: z.ZodNumber;
    userAgent: z.ZodNullable<z.ZodString>;
    isCurrent: z.ZodBoolean;
  },
  z.core.$strip
>;
export type SessionOutput = z.infer<typeof sessionOutput>;
export declare const sessionIdInput: z.ZodObject<
  {
    sessionId: z.ZodUUID;
  },
  z.core.$strip
>;
