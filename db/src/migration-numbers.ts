/**
 * The numbers of the last migrations, which the worker expects of its databases. A test compares them
 * with the files of `db/migrations`.
 */
export const migrationNumbers = { home: 18, content: 18 } as const;
