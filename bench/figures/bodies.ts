import { worstBodies } from '../bodies';
import type { Body } from '../bodies/body';
import { Receivers } from '../generator';
import { startHub, type Hub } from '../hub';
import { figureOf, type Figure, type Pair, type Plan } from '../measure';
import { registerCpo, registerReceivers } from '../partner';

/* How long the hub's event loop stands still for the worst body of each kind at BODY_LIMIT, against what is allowed. */

const BODY_LIMIT = 1024 * 1024;
const ALLOWED_MS = 50;

/** The longest time that the event loop stood still since this was asked last, in ms. */
async function longestHold(hub: Hub): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  const seconds = /^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1];
  return Number(seconds) * 1000;
}

async function send(
  hub: Hub,
  headers: Record<string, string>,
  { method, path, text }: Pick<Body, 'method' | 'path' | 'text'>,
): Promise<number> {
  const response = await fetch(`${hub.url}/ocpi/2.2.1/${path}`, { method, headers, body: text });
  await response.text();
  return response.status;
}

/** The timer by which the event loop is measured ticks each 10 ms. */
const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

async function hold(hub: Hub, headers: Record<string, string>, body: Body): Promise<number> {
  if (body.before) await send(hub, headers, body.before);
  await rest();
  await longestHold(hub);
  await send(hub, headers, body);
  await rest();
  return longestHold(hub);
}

function headersOf(lines: string): Record<string, string> {
  const pairs = lines
    .trim()
    .split('\r\n')
    .map((line) => line.split(': ') as [string, string]);
  return { ...Object.fromEntries(pairs), 'Content-Type': 'application/json' };
}

export async function measureBodies(plan: Plan): Promise<Figure[]> {
  const receivers = await Receivers.start();
  const hub = await startHub();
  const { headers: lines } = await registerCpo(hub, receivers.port);
  await registerReceivers(hub, receivers.port, { from: 0, to: 1 });
  const headers = headersOf(lines);
  const figures: Figure[] = [];
  for (const body of worstBodies(BODY_LIMIT)) {
    const pairs: Pair[] = [];
    for (let n = -1; n < plan.pairs; n++) {
      const pair = { hub: await hold(hub, headers, body), reference: ALLOWED_MS };
      if (n >= 0) pairs.push(pair);
    }
    figures.push(
      figureOf(
        {
          name: `${body.name}, 1 MiB`,
          yardstick: 'what may hold the event loop',
          unit: 'ms',
          target: { relation: '<=', value: 1 },
        },
        pairs,
      ),
    );
  }
  return figures;
}
