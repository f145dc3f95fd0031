import pino from 'pino';
import { readConfig } from '../../src/config';
import type { Partner } from '../../src/domain/partner';
import { PartnerClient } from '../../src/partners/partner-client';
import { HandshakePlatform } from '../support/handshake-platform';

let peer: HandshakePlatform;
let client: PartnerClient;

beforeAll(async () => {
  peer = await new HandshakePlatform().start();
  const { config } = readConfig({ FORWARD_TIMEOUT_MS: '300' });
  client = new PartnerClient({ config, log: pino({ level: 'silent' }) });
});

afterAll(async () => {
  await client.close();
  await peer.stop();
});

function partner(changes: Partial<Partner> = {}): Partner {
  const policies = {
    validation: 'strict',
    token_encoding: 'base64',
    broadcast: 'party',
    authorize_unknown_tokens: false,
    trailing_slash: 'keep',
  } as const;
  const none = { name: 'P', suspended: false, versions_url: null, version: null, endpoints: [], parties: [] };
  return { id: 'p', status: 'REGISTERED', policies, their_token: 'tökèn', ...none, ...changes };
}

const last = (): HandshakePlatform['seen'][number] => peer.seen.at(-1)!;

describe.each(['request', 'getJson'] as const)('%s', (way) => {
  const get = (
    to: Partner,
    more: { headers?: Record<string, string>; correlationId?: string } = {},
  ): Promise<object> =>
    way === 'request'
      ? client.request(to, { method: 'GET', url: peer.versionsUrl, ...more })
      : client.getJson(to, { url: peer.versionsUrl, ...more });

  it("sends the partner's token by its encoding", async () => {
    await get(partner());
    expect(last().headers.authorization).toBe(`Token ${Buffer.from('tökèn').toString('base64')}`);
    await get(partner({ their_token: 'abc', policies: { ...partner().policies, token_encoding: 'plain' } }));
    expect(last().headers.authorization).toBe('Token abc');
  });

  it('sends a new request id and the correlation id that it is given, and asks for no compression', async () => {
    await get(partner(), { correlationId: 'c1', headers: { 'OCPI-to-party-id': 'ABC' } });
    const first = last().headers;
    expect(first).toMatchObject({
      'x-correlation-id': 'c1',
      'accept-encoding': 'identity',
      'ocpi-to-party-id': 'ABC',
    });
    await get(partner(), { correlationId: 'c1' });
    expect(last().headers['x-request-id']).not.toBe(first['x-request-id']);
  });

  it('ends at the deadline with a failure, not an exception', async () => {
    peer.script.set('/versions', () => 'hang');
    expect(await get(partner())).toMatchObject({ failure: { kind: 'timeout' } });
    peer.script.clear();
  });
});

describe('a partner that is not registered', () => {
  it('is sent nothing', async () => {
    const before = peer.seen.length;
    const result = await client.request(partner({ their_token: null }), {
      method: 'GET',
      url: peer.versionsUrl,
    });
    expect(result).toMatchObject({ ok: false, failure: { kind: 'blocked' } });
    expect(peer.seen).toHaveLength(before);
  });
});
