/** A count as people read it: 1,204. */
export function count(of: number): string {
  return of.toLocaleString("en-US");
}
