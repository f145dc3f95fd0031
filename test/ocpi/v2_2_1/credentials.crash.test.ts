import { Client } from 'pg';
import { callHub, HandshakePlatform, role, type Answer } from '../../support/handshake-platform';
import { ADMIN_TOKEN } from '../../support/hub';
import { startHubProcess, type HubProcess } from '../../support/hub-process';
import { urlOf, type TestDatabase } from '../../support/test-database';
import { testServer } from '../../support/test-server';
import { eventually } from '../../support/wait';

/*
 * The hub is killed in the middle of handshakes: while it fetches the platform's API, with everything written but not
 * committed, and with everything committed but not answered. Each time the platform simply tries again.
 */

let database: Pick<TestDatabase, 'url'>;
let dispose: () => Promise<void>;
let hub: HubProcess;
let peer: HandshakePlatform;
let sql: Client;
let place = 0;

beforeAll(async () => {
  // of its own: an open write stops the feed of every database beside it
  const made = await testServer('crash');
  dispose = made.dispose;
  const { host, port, user } = made.server;
  database = { url: urlOf({ host, port, user, database: 'crash' }) };
  sql = new Client({ connectionString: database.url });
  await sql.connect();
});

beforeEach(async () => {
  hub = await startHubProcess(database);
  peer = await new HandshakePlatform().start();
  peer.roles = [role({ party_id: (place++).toString(36).toUpperCase().padStart(3, '0') })];
});

afterEach(async () => {
  await hub.kill();
  await peer.stop();
});

afterAll(async () => {
  await sql.end();
  await dispose();
});

async function newPartner(): Promise<{ id: string; token: string }> {
  const answer = await fetch(`${hub.url}/admin/api/partners`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
    body: JSON.stringify({ name: 'P' }),
  });
  const { id, token_a } = (await answer.json()) as { id: string; token_a: string };
  return { id, token: token_a };
}

function send(method: string, token: string, body?: unknown): Promise<Answer> {
  return callHub(`${hub.url}/ocpi/2.2.1/credentials`, { method, token, body });
}

/** A partner with the token that the method is called with. */
async function ready(method: string): Promise<{ id: string; token: string }> {
  const { id, token } = await newPartner();
  if (method === 'POST') return { id, token };
  const { json } = await send('POST', token, peer.credentials());
  const c: string = json.data.token;
  await send('GET', c);
  return { id, token: c };
}

async function stored(id: string): Promise<unknown> {
  const partner = await sql.query(
    'select status, registration, endpoints, their_token from partner where id = $1',
    [id],
  );
  const tokens = await sql.query(
    'select hash, kind from credentials_token where partner_id = $1 order by hash',
    [id],
  );
  const parties = await sql.query(
    'select party_id, status from party where partner_id = $1 order by number',
    [id],
  );
  return [partner.rows, tokens.rows, parties.rows];
}

async function restart(): Promise<void> {
  await hub.kill();
  hub = await startHubProcess(database);
}

/** Within a transaction the list of connections is read once: one that the hub opens later would never be seen. */
async function waitsForLock(): Promise<boolean> {
  await sql.query('select pg_stat_clear_snapshot()');
  const { rows } = await sql.query(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}

async function succeedsAgain(method: string, token: string, id: string): Promise<void> {
  const again = await send(method, token, peer.credentials());
  expect(again.json).toMatchObject({ status_code: 1000 });
  expect((await send('GET', again.json.data.token)).http).toBe(200);
  expect(await stored(id)).toMatchObject([
    [{ status: 'REGISTERED' }],
    [{ kind: 'C' }],
    [{ status: 'CONNECTED' }],
  ]);
}

describe.each(['POST', 'PUT'])('kill -9 in the middle of a %s', (method) => {
  it('while the API of the platform is fetched changes nothing', async () => {
    const { id, token } = await ready(method);
    const before = await stored(id);
    const asked = new Promise<void>((resolve) => {
      peer.script.set('/2.2.1', () => {
        resolve();
        return 'hang';
      });
    });
    const lost = send(method, token, peer.credentials({ token: 'never-stored' })).catch(() => undefined);
    await asked;
    await restart();
    await lost;
    expect(await stored(id)).toEqual(before);
    peer.script.clear();
    await succeedsAgain(method, token, id);
  });

  it('before the commit changes nothing', async () => {
    const { id, token } = await ready(method);
    const before = await stored(id);
    await sql.query('begin');
    await sql.query('select version from registry_version for update');
    const lost = send(method, token, peer.credentials({ token: 'never-stored' })).catch(() => undefined);
    await eventually(waitsForLock, 'a transaction of the hub that waits for the lock');
    await hub.kill();
    await lost;
    await sql.query('rollback');
    hub = await startHubProcess(database);
    expect(await stored(id)).toEqual(before);
    await succeedsAgain(method, token, id);
  });

  it('after the commit and before the answer locks the platform out of nothing', async () => {
    const { id, token } = await ready(method);
    const before = await stored(id);
    await sql.query('begin');
    await sql.query('select version from registry_version for update');
    const lost = send(method, token, peer.credentials()).catch(() => undefined);
    await eventually(waitsForLock, 'a transaction of the hub that waits for the lock');
    await sql.query('rollback');
    await eventually(
      async () => JSON.stringify(await stored(id)) !== JSON.stringify(before),
      'the commit of the handshake',
    );
    await restart();
    await lost;
    await succeedsAgain(method, token, id);
  });
});
