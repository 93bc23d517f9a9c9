const shape = "inline-flex min-h-10 items-center rounded-lg px-4 py-2 font-medium";

/** Classes for a link that looks like a button. */
export const linkLooks = {
  primary: `${shape} bg-accent text-on-accent hover:bg-accent-hover`,
  outline: `${shape} border border-line bg-raised hover:bg-hover`,
};
