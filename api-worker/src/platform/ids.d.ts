/** A new UUIDv7: unique, and in the order of its making. */
export declare function newId(): string;
