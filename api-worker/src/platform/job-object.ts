/** An object that does steps of a long job. Each step is an invocation, with limits of its own. */
export function jobObject(env: Pick<Env, "JOB">, name: string): ReturnType<Env["JOB"]["get"]> {
  return env.JOB.get(env.JOB.idFromName(name));
}

/** Calls that one invocation makes for the steps of its job: less than its 50 requests. */
export const stepsMax = 40;

/**
 * Does step after step of a job.
 *
 * @param step returns whether the job is done
 * @returns false when it is not done after so many steps
 * @throws what a step throws
 */
export async function runSteps(step: () => Promise<boolean>, max = stepsMax): Promise<boolean> {
  for (let count = 0; count < max; count += 1) {
    if (await step()) return true;
  }
  return false;
}
