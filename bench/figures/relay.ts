import { startChild } from '../children';
import { Generator, Receivers } from '../generator';
import { startHub } from '../hub';
import { PARTY, sessionText, tokenOf, twoKbLocationText } from '../locations';
import { compare, type Figure, type Plan } from '../measure';
import type { LoadResult } from '../messages';
import { registerCpo, registerEmsp, registerReceivers } from '../partner';

/*
 * Messages for one receiver through the hub against a bare pipe proxy and against no proxy at all. An authorize and a
 * location PUT are not kept; a session PUT is, and a START_SESSION gets a URL of the hub stored before it goes out.
 */

const IDS = 64;
const PROXY = 'bare keep-alive pipe proxy (node:http, no parsing)';

/** One kind of message: how it looks at the hub, and at the receiver, straight or through the proxy. */
interface Kind {
  name: string;
  method: string;
  module: string;
  side: 'sender' | 'receiver';
  /** Below the endpoint, and the body, of message n. */
  path: (n: number) => string;
  body: (n: number) => string;
  /** The platform that it goes to, and its party. */
  to: { platform: number; party_id: string };
  by: 'CPO' | 'EMSP';
}

const EMSP = { platform: 0, party_id: 'E00' };
const OBJECT = `/${PARTY.country_code}/${PARTY.party_id}`;
const AUTHORIZE: Kind = {
  name: 'authorize',
  method: 'POST',
  module: 'tokens',
  side: 'sender',
  to: EMSP,
  by: 'CPO',
  path: (n) => `/U${n}/authorize`,
  body: () => '{"location_id":"LOC1","evse_uids":["E1"]}',
};
const LOCATION: Kind = {
  name: '2 kB location PUT',
  method: 'PUT',
  module: 'locations',
  side: 'receiver',
  to: EMSP,
  by: 'CPO',
  path: (n) => `${OBJECT}/LOC${n}`,
  body: (n) => twoKbLocationText(n),
};
const SESSION: Kind = {
  name: 'session PUT, kept',
  method: 'PUT',
  module: 'sessions',
  side: 'receiver',
  to: EMSP,
  by: 'CPO',
  path: (n) => `${OBJECT}/S${n}`,
  body: (n) => sessionText(`S${n}`),
};
const START: Kind = {
  name: 'START_SESSION',
  method: 'POST',
  module: 'commands',
  side: 'receiver',
  by: 'EMSP',
  to: { platform: 900, party_id: PARTY.party_id },
  path: () => '/START_SESSION',
  body: () =>
    JSON.stringify({
      response_url: 'http://127.0.0.1:9/x',
      token: tokenOf('U1'),
      location_id: 'LOC1',
      evse_uid: 'E1',
    }),
};

interface Bench {
  plan: Plan;
  generator: Generator;
  ports: { hub: number; proxy: number; receiver: number };
  tokens: Record<Kind['by'], string>;
}

type Way = keyof Bench['ports'];

const text = (line: string, headers: string, body: string): string =>
  `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}Content-Type: application/json\r\n` +
  `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

function requests(bench: Bench, kind: Kind, way: Way): string[] {
  const from = kind.by === 'CPO' ? PARTY.party_id : EMSP.party_id;
  const headers =
    `Authorization: Token ${bench.tokens[kind.by]}\r\nX-Request-ID: 4d1a-bench\r\n` +
    `X-Correlation-ID: 9c2b-bench\r\nOCPI-from-country-code: NL\r\nOCPI-from-party-id: ${from}\r\n` +
    `OCPI-to-country-code: NL\r\nOCPI-to-party-id: ${kind.to.party_id}\r\n`;
  const endpoint =
    way === 'hub'
      ? `/ocpi/2.2.1/${kind.side}/${kind.module}`
      : `/${kind.to.platform}/${kind.side[0]}/${kind.module}`;
  return Array.from({ length: IDS }, (_, n) =>
    text(`${kind.method} ${endpoint}${kind.path(n)}`, headers, kind.body(n)),
  );
}

function run(
  bench: Bench,
  kind: Kind,
  load: { way: Way; connections: number; requests?: number },
): Promise<LoadResult> {
  const { way, connections } = load;
  return bench.generator.run({
    target: { port: bench.ports[way], base: '', headers: '' },
    work: { kind: 'replay', requests: requests(bench, kind, way) },
    connections,
    ms: load.requests ? 60_000 : bench.plan.ms,
    requests: load.requests,
  });
}

function throughput(
  bench: Bench,
  kind: Kind,
  at: { connections: number; atLeast?: number },
): Promise<Figure> {
  const { connections, atLeast } = at;
  const rate = async (way: Way): Promise<number> => {
    const { done, ms } = await run(bench, kind, { way, connections });
    return (done * 1000) / ms;
  };
  return compare(bench.plan, {
    name: `relay of ${kind.name} at ${connections}`,
    yardstick: PROXY,
    unit: 'requests/s',
    target: atLeast === undefined ? undefined : { relation: '>=', value: atLeast },
    hub: () => rate('hub'),
    reference: () => rate('proxy'),
  });
}

/** What is added to a request that goes straight to its receiver, by the hub and by the proxy. */
function added(bench: Bench, kind: Kind, at: { percentile: 'p50' | 'p99'; atMost: number }): Promise<Figure> {
  const latency = async (way: Way): Promise<number> =>
    (await run(bench, kind, { way, connections: 1 }))[at.percentile];
  const over = async (way: Way): Promise<number> =>
    Math.max(1, (await latency(way)) - (await latency('receiver')));
  return compare(bench.plan, {
    name: `added ${at.percentile} of ${kind.name}`,
    yardstick: PROXY,
    unit: 'us',
    target: { relation: '<=', value: at.atMost },
    hub: () => over('hub'),
    reference: () => over('proxy'),
  });
}

/** The same 1,000 START_SESSIONs through the hub and straight to the CPO: what the hub adds. */
async function startSession(bench: Bench): Promise<Figure[]> {
  const once = (way: Way): Promise<LoadResult> => run(bench, START, { way, connections: 1, requests: 1000 });
  const figures: Figure[] = [];
  for (const percentile of ['p50', 'p99'] as const)
    figures.push(
      await compare(bench.plan, {
        name: `START_SESSION, ${percentile} of 1,000 at 1`,
        yardstick: 'the CPO called directly',
        unit: 'us',
        target: undefined,
        hub: async () => (await once('hub'))[percentile],
        reference: async () => (await once('receiver'))[percentile],
      }),
    );
  return figures;
}

async function start(plan: Plan): Promise<Bench> {
  const generator = await Generator.start();
  const receivers = await Receivers.start();
  const { first: proxy } = await startChild<{ port: number }>('proxy.js', [String(receivers.port)]);
  const hub = await startHub();
  const cpo = await registerCpo(hub, receivers.port);
  await registerReceivers(hub, receivers.port, { from: 1, to: 2 });
  const emsp = await registerEmsp(hub, receivers.port, 0);
  const tokens = { CPO: /Token (\S+)/.exec(cpo.headers)?.[1] ?? '', EMSP: emsp };
  return { plan, generator, tokens, ports: { hub: hub.port, proxy: proxy.port, receiver: receivers.port } };
}

export async function measureRelay(plan: Plan): Promise<Figure[]> {
  const bench = await start(plan);
  const figures: Figure[] = [];
  for (const kind of [AUTHORIZE, LOCATION]) {
    figures.push(await throughput(bench, kind, { connections: 32, atLeast: 0.8 }));
    figures.push(await throughput(bench, kind, { connections: 1, atLeast: 0.5 }));
    figures.push(await added(bench, kind, { percentile: 'p50', atMost: 2 }));
    figures.push(await added(bench, kind, { percentile: 'p99', atMost: 3 }));
  }
  for (const connections of [32, 1]) figures.push(await throughput(bench, SESSION, { connections }));
  return [...figures, ...(await startSession(bench))];
}
