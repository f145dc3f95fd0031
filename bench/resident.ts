import fs from 'node:fs';

/* Resident memory of other processes, from the kernel. */

const SAMPLE_MS = 1000;

export interface Sample {
  /** Seconds since sampling began. */
  at: number;
  /** Of each process, in its order. */
  mb: number[];
}

/** Resident memory in MB. @throws Error where there is no such process */
export function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1024;
}

/** Samples these processes each second until it is ended, which gives the samples. */
export function sampleResident(pids: readonly number[]): () => Sample[] {
  const samples: Sample[] = [];
  const begin = performance.now();
  const take = (): void => {
    samples.push({ at: (performance.now() - begin) / 1000, mb: pids.map(residentMb) });
  };
  take();
  const timer = setInterval(take, SAMPLE_MS);
  return () => {
    clearInterval(timer);
    return samples;
  };
}

/** The slope of the line through these points by least squares. */
export function slopeOf(points: readonly { x: number; y: number }[]): number {
  const mean = (of: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const covariance = mean((point) => (point.x - x) * (point.y - y));
  return covariance / mean((point) => (point.x - x) ** 2);
}
