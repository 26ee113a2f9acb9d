/** The part of jstat 1.9 in use; the package ships no types. */
declare module 'jstat' {
  interface Distribution2 {
    cdf(x: number, a: number, b: number): number;
    inv(p: number, a: number, b: number): number;
  }
  interface Distribution1 {
    cdf(x: number, df: number): number;
    inv(p: number, df: number): number;
  }
  const jStat: {
    normal: Distribution2;
    beta: Distribution2;
    studentt: Distribution1;
    chisquare: Distribution1;
  };
  export default jStat;
}
