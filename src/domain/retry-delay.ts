/**
 * How long to leave a partner alone after its nth failure in a row: doubling, with jitter over the upper half, so
 * that many positions of one dead partner do not come back at the same instant.
 * @param failures 1 for the first
 * @param random from 0 to 1
 */
export function retryDelay(
  failures: number,
  bounds: { minMs: number; maxMs: number },
  random: number,
): number {
  const full = Math.min(bounds.maxMs, bounds.minMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}
