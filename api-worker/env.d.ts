/* eslint-disable */
// Generated from wrangler.toml by `pnpm typegen`.
interface __BaseEnv_Env {
	STREAMS: KVNamespace;
	FILES: R2Bucket;
	HOME: D1Database;
	CONTENT_0: D1Database;
	LOGIN_BY_ADDRESS: RateLimit;
	SIGNUP_BY_ADDRESS: RateLimit;
	GUEST_BY_ADDRESS: RateLimit;
	COPY_BY_USER: RateLimit;
	STREAM_WRITE_BY_USER: RateLimit;
	UPLOAD_BY_USER: RateLimit;
	READ_BY_ADDRESS: RateLimit;
	PUSH_BY_USER: RateLimit;
	VERSION: WorkerVersionMetadata;
	ADMIN_EMAILS: string;
	ADMIN_CHAT_ACCESS: string;
	SIGNUP: string;
	SIGNUP_DOMAINS: string;
	GUESTS: string;
	GUEST_MESSAGES_PER_DAY: string;
	GUEST_TOKENS_PER_DAY: string;
	GUEST_ADDRESS_NEW_PER_DAY: string;
	GUEST_ADDRESS_MESSAGES_PER_DAY: string;
	GUEST_ADDRESS_TOKENS_PER_DAY: string;
	ALL_GUESTS_NEW_PER_DAY: string;
	ALL_GUESTS_MESSAGES_PER_DAY: string;
	ALL_GUESTS_TOKENS_PER_DAY: string;
	ACCOUNT_MESSAGES_PER_DAY: string;
	ACCOUNT_TOKENS_PER_DAY: string;
	SITE_TOKENS_PER_DAY: string;
	MODEL_PRICES: string;
	DEMO_TOKENS_PER_SECOND: string;
	ANSWER_IDLE_SECONDS: string;
	ANSWER_MAX_SECONDS: string;
	ANSWER_MAX_BYTES: string;
	PROVIDER_STALL_SECONDS: string;
	FLUSHES_PER_SECOND: string;
	OPEN_STREAM_WAIT_SECONDS: string;
	PICTURE_MAX_MB: string;
	FILE_MAX_MB: string;
	GUEST_STORAGE_MB: string;
	ACCOUNT_STORAGE_MB: string;
	GUEST_STORAGE_MESSAGES: string;
	ACCOUNT_STORAGE_MESSAGES: string;
	GUEST_KEPT_DAYS: string;
	SESSION_KEPT_DAYS: string;
	UNSENT_FILE_KEPT_DAYS: string;
	LOST_FILE_KEPT_DAYS: string;
	AUDIT_KEPT_DAYS: string;
	WEATHER_API_URL: string;
	WEATHER_GEOCODING_URL: string;
	TURNSTILE_SITE_KEY: string;
	TURNSTILE_URL: string;
	VAPID_PUBLIC_KEY: string;
	VAPID_SUBJECT: string;
	GOOGLE_GENERATIVE_AI_BASE_URL: string;
	CHAT: DurableObjectNamespace<import("./src/index").ChatObject>;
	USER: DurableObjectNamespace<import("./src/index").UserObject>;
	OPEN_STREAM: DurableObjectNamespace<import("./src/index").OpenStreamObject>;
	SEARCH: DurableObjectNamespace<import("./src/index").SearchObject>;
	PDF: DurableObjectNamespace<import("./src/index").PdfObject>;
	SIGN_IN: DurableObjectNamespace<import("./src/index").SignInObject>;
	GUEST_BUDGET: DurableObjectNamespace<import("./src/index").GuestBudgetObject>;
	SITE_BUDGET: DurableObjectNamespace<import("./src/index").SiteBudgetObject>;
	JOB: DurableObjectNamespace<import("./src/index").JobObject>;
}
declare namespace Cloudflare {
	interface GlobalProps {
		mainModule: typeof import("./src/index");
		durableNamespaces: "ChatObject" | "UserObject" | "OpenStreamObject" | "SearchObject" | "SignInObject" | "GuestBudgetObject" | "PdfObject" | "SiteBudgetObject" | "JobObject";
	}
	interface StagingEnv {
		STREAMS: KVNamespace;
		FILES: R2Bucket;
		HOME: D1Database;
		CONTENT_0: D1Database;
		LOGIN_BY_ADDRESS: RateLimit;
		SIGNUP_BY_ADDRESS: RateLimit;
		GUEST_BY_ADDRESS: RateLimit;
		COPY_BY_USER: RateLimit;
		STREAM_WRITE_BY_USER: RateLimit;
		UPLOAD_BY_USER: RateLimit;
		READ_BY_ADDRESS: RateLimit;
		PUSH_BY_USER: RateLimit;
		VERSION: WorkerVersionMetadata;
		ADMIN_EMAILS: string;
		ADMIN_CHAT_ACCESS: string;
		SIGNUP: string;
		SIGNUP_DOMAINS: string;
		GUESTS: string;
		GUEST_MESSAGES_PER_DAY: string;
		GUEST_TOKENS_PER_DAY: string;
		GUEST_ADDRESS_NEW_PER_DAY: string;
		GUEST_ADDRESS_MESSAGES_PER_DAY: string;
		GUEST_ADDRESS_TOKENS_PER_DAY: string;
		ALL_GUESTS_NEW_PER_DAY: string;
		ALL_GUESTS_MESSAGES_PER_DAY: string;
		ALL_GUESTS_TOKENS_PER_DAY: string;
		ACCOUNT_MESSAGES_PER_DAY: string;
		ACCOUNT_TOKENS_PER_DAY: string;
		SITE_TOKENS_PER_DAY: string;
		MODEL_PRICES: string;
		DEMO_TOKENS_PER_SECOND: string;
		ANSWER_IDLE_SECONDS: string;
		ANSWER_MAX_SECONDS: string;
		ANSWER_MAX_BYTES: string;
		PROVIDER_STALL_SECONDS: string;
		FLUSHES_PER_SECOND: string;
		OPEN_STREAM_WAIT_SECONDS: string;
		PICTURE_MAX_MB: string;
		FILE_MAX_MB: string;
		GUEST_STORAGE_MB: string;
		ACCOUNT_STORAGE_MB: string;
		GUEST_STORAGE_MESSAGES: string;
		ACCOUNT_STORAGE_MESSAGES: string;
		GUEST_KEPT_DAYS: string;
		SESSION_KEPT_DAYS: string;
		UNSENT_FILE_KEPT_DAYS: string;
		LOST_FILE_KEPT_DAYS: string;
		AUDIT_KEPT_DAYS: string;
		WEATHER_API_URL: string;
		WEATHER_GEOCODING_URL: string;
		TURNSTILE_SITE_KEY: string;
		TURNSTILE_URL: string;
		VAPID_PUBLIC_KEY: string;
		VAPID_SUBJECT: string;
		GOOGLE_GENERATIVE_AI_BASE_URL: string;
		CHAT: DurableObjectNamespace<import("./src/index").ChatObject>;
		USER: DurableObjectNamespace<import("./src/index").UserObject>;
		OPEN_STREAM: DurableObjectNamespace<import("./src/index").OpenStreamObject>;
		SEARCH: DurableObjectNamespace<import("./src/index").SearchObject>;
		PDF: DurableObjectNamespace<import("./src/index").PdfObject>;
		SIGN_IN: DurableObjectNamespace<import("./src/index").SignInObject>;
		GUEST_BUDGET: DurableObjectNamespace<import("./src/index").GuestBudgetObject>;
		SITE_BUDGET: DurableObjectNamespace<import("./src/index").SiteBudgetObject>;
		JOB: DurableObjectNamespace<import("./src/index").JobObject>;
	}
	interface Env extends __BaseEnv_Env {}
}
interface Env extends __BaseEnv_Env {}
type StringifyValues<EnvType extends Record<string, unknown>> = {
	[Binding in keyof EnvType]: EnvType[Binding] extends string ? EnvType[Binding] : string;
};
declare namespace NodeJS {
	interface ProcessEnv extends StringifyValues<Pick<Cloudflare.Env, "ADMIN_EMAILS" | "ADMIN_CHAT_ACCESS" | "SIGNUP" | "SIGNUP_DOMAINS" | "GUESTS" | "GUEST_MESSAGES_PER_DAY" | "GUEST_TOKENS_PER_DAY" | "GUEST_ADDRESS_NEW_PER_DAY" | "GUEST_ADDRESS_MESSAGES_PER_DAY" | "GUEST_ADDRESS_TOKENS_PER_DAY" | "ALL_GUESTS_NEW_PER_DAY" | "ALL_GUESTS_MESSAGES_PER_DAY" | "ALL_GUESTS_TOKENS_PER_DAY" | "ACCOUNT_MESSAGES_PER_DAY" | "ACCOUNT_TOKENS_PER_DAY" | "SITE_TOKENS_PER_DAY" | "MODEL_PRICES" | "DEMO_TOKENS_PER_SECOND" | "ANSWER_IDLE_SECONDS" | "ANSWER_MAX_SECONDS" | "ANSWER_MAX_BYTES" | "PROVIDER_STALL_SECONDS" | "FLUSHES_PER_SECOND" | "OPEN_STREAM_WAIT_SECONDS" | "PICTURE_MAX_MB" | "FILE_MAX_MB" | "GUEST_STORAGE_MB" | "ACCOUNT_STORAGE_MB" | "GUEST_STORAGE_MESSAGES" | "ACCOUNT_STORAGE_MESSAGES" | "GUEST_KEPT_DAYS" | "SESSION_KEPT_DAYS" | "UNSENT_FILE_KEPT_DAYS" | "LOST_FILE_KEPT_DAYS" | "AUDIT_KEPT_DAYS" | "WEATHER_API_URL" | "WEATHER_GEOCODING_URL" | "TURNSTILE_SITE_KEY" | "TURNSTILE_URL" | "VAPID_PUBLIC_KEY" | "VAPID_SUBJECT" | "GOOGLE_GENERATIVE_AI_BASE_URL">> {}
}
declare module "*.txt" {
	const value: string;
	export default value;
}
declare module "*.html" {
	const value: string;
	export default value;
}
declare module "*.sql" {
	const value: string;
	export default value;
}
declare module "*.bin" {
	const value: ArrayBuffer;
	export default value;
}
declare module "*.wasm" {
	const value: WebAssembly.Module;
	export default value;
}
declare module "*.wasm?module" {
	const value: WebAssembly.Module;
	export default value;
}