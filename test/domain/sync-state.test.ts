import type { Partner } from '../../src/domain/partner';
import type { Party, Role } from '../../src/domain/party';
import { nothingFlows, syncState, type Standing, type SyncState } from '../../src/domain/sync/sync-state';
import { ownedModules } from '../../src/ocpi/versions';

const IN_SYNC: Standing = {
  suspended: false,
  connected: true,
  nothingFlows: undefined,
  pausedUntil: null,
  lastError: null,
  refusing: [],
  waits: false,
};

test.each<[SyncState, Partial<Standing>]>([
  ['IN_SYNC', {}],
  ['SUSPENDED', { suspended: true, connected: false }],
  ['NOT_CONNECTED', { connected: false, pausedUntil: 'soon' }],
  ['NOTHING_TO_SYNC', { nothingFlows: 'its only role is HUB', refusing: ['locations'] }],
  ['PAUSED', { pausedUntil: '2026-01-01T00:00:00Z', refusing: ['locations'], waits: true }],
  ['REFUSING', { refusing: ['locations'], waits: true }],
  ['CATCHING_UP', { waits: true, missing: 1 }],
  ['INCOMPLETE', { missing: 1, neverPulled: ['tokens of NL/ABC'] }],
  ['NEVER_PULLED', { neverPulled: ['tokens of NL/ABC'] }],
])('%s is told where it is what counts most, with a reason unless all is well', (state, what) => {
  const told = syncState({ ...IN_SYNC, ...what });
  expect(told.state).toBe(state);
  expect(told.reason === null).toBe(state === 'IN_SYNC');
});

const party = (role: Role): Party => ({
  number: 1,
  country_code: 'NL',
  party_id: 'ABC',
  partner: 'p',
  roles: [role],
  status: 'CONNECTED',
});

function partner(role: Role, endpoints: Partner['endpoints'] = []): Partner {
  return {
    id: 'p',
    name: 'P',
    status: 'REGISTERED',
    suspended: false,
    policies: {
      validation: 'strict',
      token_encoding: 'base64',
      broadcast: 'party',
      authorize_unknown_tokens: false,
      trailing_slash: 'keep',
    },
    versions_url: null,
    version: '2.2.1',
    their_token: null,
    endpoints,
    parties: [party(role)],
  };
}

test('a platform whose only role is HUB has nothing to sync, a CPO that only pushes has', () => {
  expect(nothingFlows(partner('HUB'), ownedModules)).toContain('HUB');
  expect(nothingFlows(partner('CPO'), ownedModules)).toBeUndefined();
});
