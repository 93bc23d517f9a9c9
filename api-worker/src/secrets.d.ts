/** Secrets are not in wrangler.toml, so the generated types do not know them. */
interface Env {
  readonly GOOGLE_GENERATIVE_AI_API_KEY?: string;
  readonly TURNSTILE_SECRET?: string;
  readonly VAPID_PRIVATE_KEY?: string;
}
