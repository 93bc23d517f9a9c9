/** A script as text, bundled and minified by dev/script-plugin.ts. */
declare module "*?script" {
  const code: string;
  export default code;
}
