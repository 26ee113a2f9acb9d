/** Places in a line of weeks before which the measure changed: figures left and right of one do not compare. */
export function seamsOf(weeks: readonly { measure_sha256: string }[]): number[] {
  return weeks.flatMap((week, index) =>
    index > 0 && weeks[index - 1]!.measure_sha256 !== week.measure_sha256 ? [index] : [],
  );
}
