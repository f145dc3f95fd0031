/* Ratios of runs in turn: what disturbs the machine disturbs both. */

export interface Plan {
  quick: boolean;
  pairs: number;
  /** Milliseconds of one run. */
  ms: number;
}

export interface Ratio {
  min: number;
  median: number;
  max: number;
}

export interface Figure {
  name: string;
  yardstick: string;
  ratio: Ratio;
  /** e.g. `>= 1`; undefined: for information. */
  target: string | undefined;
  holds: boolean | undefined;
  /** Medians of both sides, in `unit`. */
  measured: { hub: number; yardstick: number; unit: string };
}

export interface Compared {
  name: string;
  yardstick: string;
  unit: string;
  target: { relation: '>=' | '<='; value: number } | undefined;
  /** One run of each side: a rate, or a time. */
  hub: () => Promise<number>;
  reference: () => Promise<number>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

function holds(ratio: number, target: Compared['target']): boolean | undefined {
  if (!target) return undefined;
  return target.relation === '>=' ? ratio >= target.value : ratio <= target.value;
}

/** One pair to warm up, then `pairs` of them, A B A B. */
export async function compare(plan: Plan, what: Compared): Promise<Figure> {
  const pairs: Pair[] = [];
  for (let n = -1; n < plan.pairs; n++) {
    const pair = { hub: await what.hub(), reference: await what.reference() };
    if (n >= 0) pairs.push(pair);
  }
  return figureOf(what, pairs);
}

/** One run of each side. */
export interface Pair {
  hub: number;
  reference: number;
}

/** The figure that these pairs make; says it. */
export function figureOf(what: Omit<Compared, 'hub' | 'reference'>, pairs: readonly Pair[]): Figure {
  const ratios = pairs.map((pair) => pair.hub / pair.reference);
  const ratio = { min: Math.min(...ratios), median: median(ratios), max: Math.max(...ratios) };
  const figure: Figure = {
    name: what.name,
    yardstick: what.yardstick,
    ratio,
    target: what.target && `${what.target.relation} ${what.target.value}`,
    holds: holds(ratio.median, what.target),
    measured: {
      hub: median(pairs.map((pair) => pair.hub)),
      yardstick: median(pairs.map((pair) => pair.reference)),
      unit: what.unit,
    },
  };
  process.stdout.write(`${lineOf(figure)}\n`);
  return figure;
}

const short = (n: number): string => n.toPrecision(3);

/** A measured value, to three digits at least. */
export const round = (n: number): string => (Math.abs(n) >= 100 ? String(Math.round(n)) : n.toPrecision(3));

/** A figure as one line of progress. */
export function lineOf({ name, ratio, target, holds, measured }: Figure): string {
  const verdict = holds === undefined ? '' : holds ? `  holds (${target})` : `  FALLS SHORT (${target})`;
  const rates = `${round(measured.hub)} / ${round(measured.yardstick)} ${measured.unit}`;
  return `${name}: ${short(ratio.median)} (${short(ratio.min)} to ${short(ratio.max)}), ${rates}${verdict}`;
}
