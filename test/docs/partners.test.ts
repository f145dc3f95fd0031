import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readConfig } from '../../src/config';
import type { OcpiError } from '../../src/errors';
import { exampleOf } from '../../src/openapi/examples';
import { replyTo } from '../../src/server/error-replies';
import type { JsonObject } from '../../src/simulator/json';
import { idOf, keyOf } from '../../src/simulator/objects/keys';
import { SimulatedPlatform } from '../../src/simulator/simulated-platform';
import { expectAnswer, Shell, stepsOf, type Step } from '../support/guide';
import {
  CPO,
  EMSP,
  eventually,
  location,
  push,
  startNetwork,
  token,
  type Joined,
  type Network,
} from '../support/network';
import { bounded } from '../support/wait';

/* docs/partners.md as a partner's engineer follows it, step by step, with a real partner on the other side. */

const GUIDE = path.join(__dirname, '../../docs/partners.md');
const [TOKEN_B, NEW_TOKEN_B] = ['token-b-of-the-engineer', 'another-token-of-the-engineer'];

/** A platform whose handshake is done by hand: it lets in who has one of its tokens. */
class EngineersPlatform extends SimulatedPlatform {
  letIn(...tokens: string[]): void {
    this.state.accepted = new Set(tokens);
  }
}

const example = (name: string): JsonObject => exampleOf(name) as JsonObject;

interface Reader {
  who: 'cpo' | 'emsp';
  party: typeof CPO;
  network: Network;
  platform: EngineersPlatform;
  other: Joined;
}

async function arrive(who: Reader['who']): Promise<Reader> {
  const [party, others] = who === 'cpo' ? [CPO, EMSP] : [EMSP, CPO];
  const network = await startNetwork();
  const platform = await new EngineersPlatform({ parties: [party] }).start();
  platform.letIn(TOKEN_B, NEW_TOKEN_B);
  const other = await network.join({ parties: [others] });
  return { who, party, network, platform, other };
}

/** What happens elsewhere before the step that has this word. */
type Preparations = Record<string, (shell: Shell) => Promise<unknown>>;

/** Runs the steps for a reader; `before` is done before the step that has this word. */
async function follow(
  reader: Reader,
  before: Record<string, (shell: Shell) => Promise<unknown>>,
): Promise<void> {
  const { who, party, network, platform } = reader;
  const { token_a } = await network.hub.partner('the reader');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'guide-'));
  const shell = new Shell(folder, {
    HUB: network.hub.url,
    TOKEN_A: token_a,
    TOKEN_B,
    NEW_TOKEN_B,
    MY_VERSIONS: platform.versionsUrl,
    ROLE: party.role,
    COUNTRY: party.country_code,
    PARTY: party.party_id,
    MY_RESPONSE_URL: platform.responseUrl('commands', 'START_SESSION'),
  });
  try {
    await followIn(shell, { steps: stepsOf(GUIDE), who, before });
  } finally {
    await shell.stop();
    fs.rmSync(folder, { recursive: true });
  }
}

async function followIn(
  shell: Shell,
  { steps, who, before }: { steps: Step[]; who: Reader['who']; before: Preparations },
): Promise<void> {
  for (const step of steps) {
    const { words, code } = step;
    const forOthers = words.some((word) => ['cpo', 'emsp'].includes(word) && word !== who);
    if (forOthers || words.includes('settings')) continue;
    const preparation = Object.entries(before).find(([word]) => words.includes(word) || code.includes(word));
    await preparation?.[1](shell);
    expectAnswer(step, await bounded(shell.run(code), `the end of: ${code}`));
  }
}

let arrived: Reader | undefined;

afterEach(async () => {
  await arrived?.network.stop();
  await arrived?.platform.stop();
  arrived = undefined;
});

test('a CPO gets from the first request to the CDR, and off again', async () => {
  const reader = (arrived = await arrive('cpo'));
  const { other, platform } = reader;
  for (const one of [example('Token'), token('T2') as JsonObject]) {
    other.owned.set(keyOf('tokens', one), one);
    await push(other, { method: 'PUT', module: 'tokens', path: `/NL/TNM/${idOf('tokens', one)}` }, one);
  }
  await follow(reader, {
    command: async (shell) => {
      const response_url = other.responseUrl('commands', 'START_SESSION');
      const body = JSON.stringify({ ...example('StartSession'), response_url });
      const sent = { method: 'POST' as const, module: 'commands', interface: 'RECEIVER' as const };
      expect((await other.send({ ...sent, path: '/START_SESSION', to: null, body })).status).toBe(1000);
      await shell.run(`RESPONSE_URL=${platform.asked[0]?.responseUrl}`);
    },
    'ocpi DELETE': () =>
      eventually(() => {
        const kept = [
          'locations/BE/BEC/LOC1',
          'tariffs/BE/BEC/DAY',
          'sessions/BE/BEC/SES1',
          'cdrs/BE/BEC/CDR1',
        ];
        return kept.every((key) => other.stored.has(key));
      }, 'all that the CPO pushed at the eMSP'),
  });
  expect(other.stored.get('locations/BE/BEC/LOC1')).toMatchObject({ evses: [{ status: 'CHARGING' }] });
  expect(other.stored.get('sessions/BE/BEC/SES1')).toMatchObject({ kwh: 4.2 });
});

test('an eMSP gets from the first request to sessions and CDRs, and off again', async () => {
  const reader = (arrived = await arrive('emsp'));
  const { other, platform } = reader;
  other.asynchronous.post = 'after the answer';
  for (const one of [example('Location'), location('L2') as JsonObject])
    await push(other, { method: 'PUT', module: 'locations', path: `/BE/BEC/${idOf('locations', one)}` }, one);
  await follow(reader, {
    '$SENDER/cdrs': async () => {
      await push(other, { method: 'PUT', module: 'sessions', path: '/BE/BEC/SES1' }, example('Session'));
      const { http } = await push(other, { method: 'POST', module: 'cdrs', path: '' }, example('CDR'));
      expect(http).toBe(201);
    },
    'ocpi DELETE': () =>
      eventually(
        () => other.stored.has('tokens/NL/TNM/RFID/012345678') && platform.stored.has('cdrs/BE/BEC/CDR1'),
        'the token at the CPO and the CDR at the eMSP',
      ),
  });
});

test('the times that the guide names are the defaults of the hub', () => {
  const { config } = readConfig({});
  const guide = fs.readFileSync(GUIDE, 'utf8');
  expect([config.retryMinMs, config.retryMaxMs / 60_000]).toEqual([1000, 5]);
  expect(guide).toMatch(/tries again after 1 second[^.]+at most after 5 minutes/);
  expect([config.retention.hours / 24, config.pullIntervalS]).toEqual([7, 3600]);
  expect(guide).toMatch(/After more than 7 days/);
  expect(guide).toMatch(/after registration, every hour, and in full once a day/);
});

describe('the table of errors', () => {
  const party = 'NL/ABC';
  const kinds: { [K in OcpiError['kind']]: Extract<OcpiError, { kind: K }>[] } = {
    Unauthorized: [{ kind: 'Unauthorized', reason: '' }],
    UnknownPath: [{ kind: 'UnknownPath', path: '' }],
    UnknownHandOut: [{ kind: 'UnknownHandOut', what: '' }],
    MethodNotAllowed: [{ kind: 'MethodNotAllowed', method: '', allow: [] }],
    NotJson: [{ kind: 'NotJson', reason: '' }],
    BodyTooLarge: [{ kind: 'BodyTooLarge', limit: 1 }],
    UnsupportedEncoding: [{ kind: 'UnsupportedEncoding', encoding: '' }],
    TooManyBytes: [{ kind: 'TooManyBytes' }],
    TooManyRequests: [{ kind: 'TooManyRequests' }],
    Invalid: [{ kind: 'Invalid', message: '' }],
    ForeignParty: [{ kind: 'ForeignParty', party }],
    UnknownObject: [2001, 2003, 2004].flatMap((status_code) =>
      [true, false].map(
        (named) => ({ kind: 'UnknownObject', status_code, what: '', id: '', named }) as const,
      ),
    ),
    NotRegistered: [{ kind: 'NotRegistered' }],
    AlreadyRegistered: [{ kind: 'AlreadyRegistered' }],
    ClientApiUnusable: [{ kind: 'ClientApiUnusable', reason: '' }],
    UnsupportedVersion: [{ kind: 'UnsupportedVersion', version: '' }],
    MissingEndpoints: [{ kind: 'MissingEndpoints', missing: '' }],
    HandshakeOvertaken: [{ kind: 'HandshakeOvertaken' }],
    HubFault: [{ kind: 'HubFault' }],
    Unroutable: [{ kind: 'Unroutable', reason: '' }],
    UnknownReceiver: [{ kind: 'UnknownReceiver', party }],
    SeveralReceivers: [{ kind: 'SeveralReceivers', subject: '', candidates: [] }],
    ReceiverTimeout: [{ kind: 'ReceiverTimeout', party }],
    ReceiverNotConnected: [{ kind: 'ReceiverNotConnected', party, reason: '' }],
  };

  test('has each pair of statuses that the hub answers, and no other', () => {
    const answered = Object.values(kinds).flatMap((errors) =>
      errors.map((error: OcpiError) => {
        const { http, status_code } = replyTo(error);
        return `${http} ${status_code}`;
      }),
    );
    const rows = fs.readFileSync(GUIDE, 'utf8').matchAll(/^\| (\d{3}) +\| (\d{4}) /gm);
    const written = [...rows].map(([, http, status]) => `${http} ${status}`);
    expect(written.sort()).toEqual([...new Set(answered)].sort());
  });
});
