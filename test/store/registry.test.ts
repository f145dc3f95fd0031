import { Client } from 'pg';
import pino from 'pino';
import { Registry } from '../../src/store/registry/registry';
import { issueToken, supersede } from '../../src/store/registry/tokens';
import { placeParties } from '../../src/store/registry/parties';
import { openDatabase, type Database } from '../../src/store/database';
import { Vault } from '../../src/store/vault';
import { testDatabase, type TestConnection } from '../support/test-database';

const HUB = { country_code: 'NL', party_id: 'HUB', name: 'Hub' };
const log = pino({ level: 'silent' });
const vault = new Vault('a secret key for tests');

interface Process {
  database: Database;
  registry: Registry;
}

let connection: TestConnection;
const processes: Process[] = [];

async function newProcess(): Promise<Process> {
  const database = await openDatabase(connection, 4);
  const registry = await Registry.open({ database, vault, hub: HUB, log });
  processes.push({ database, registry });
  return { database, registry };
}

beforeAll(async () => {
  connection = (await testDatabase()).connection;
});

afterEach(async () => {
  for (const { registry, database } of processes.splice(0)) {
    await registry.close();
    await database.close();
  }
});

async function newPartner(registry: Registry, kind: 'A' | 'C' = 'C'): Promise<{ id: string; token: string }> {
  const token = vault.newToken();
  const id = await registry.write(async ({ client }) => {
    const { rows } = await client.query(`insert into partner (name) values ('P') returning id`);
    await issueToken(client, { partnerId: rows[0].id, kind, hash: vault.hash(token) });
    return rows[0].id as string;
  });
  return { id, token };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const drop = (registry: Registry, token: string): Promise<unknown> =>
  registry.write(({ client }) =>
    client.query('delete from credentials_token where hash = $1', [vault.hash(token)]),
  );
const unauthorized = { error: { kind: 'Unauthorized' } };

describe('authenticate', () => {
  it.each([
    ['plain', (token: string) => `Token ${token}`],
    ['encoded', (token: string) => `Token ${base64(token)}`],
    ['encoded with a newline', (token: string) => `Token ${base64(`${token}\n`)}`],
    ['with the scheme in another case', (token: string) => `token ${base64(token)}`],
  ])('knows a token sent %s', async (_form, header) => {
    const { registry } = await newProcess();
    const { id, token } = await newPartner(registry, 'A');
    const caller = registry.authenticate(header(token));
    expect(caller).toMatchObject({ partner: { id }, kind: 'A', token });
  });

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['a scheme alone', 'Token '],
    ['Bearer', 'Bearer abc'],
    ['Basic', 'Basic abc'],
    ['an endless token', `Token ${'x'.repeat(9000)}`],
    ['an unknown token', 'Token unknown'],
  ])('refuses %s', async (_what, header) => {
    const { registry } = await newProcess();
    await expect(registry.authenticate(header)).rejects.toMatchObject(unauthorized);
  });

  it('answers at once from memory after the first use', async () => {
    const { registry } = await newProcess();
    const { token } = await newPartner(registry);
    await registry.authenticate(`Token ${token}`);
    expect(registry.authenticate(`Token ${token}`)).not.toBeInstanceOf(Promise);
  });

  it('lets no revoked token in where it was revoked, from that moment on', async () => {
    const { registry } = await newProcess();
    const { token } = await newPartner(registry);
    await registry.authenticate(`Token ${token}`);
    await drop(registry, token);
    await expect(registry.authenticate(`Token ${token}`)).rejects.toMatchObject(unauthorized);
  });

  it('lets a fresh token in at once on another process', async () => {
    const { registry } = await newProcess();
    const other = await newProcess();
    const { id, token } = await newPartner(registry);
    expect(await other.registry.authenticate(`Token ${token}`)).toMatchObject({ partner: { id } });
  });

  it('lets a revoked token die on another process within a second', async () => {
    const { registry } = await newProcess();
    const other = await newProcess();
    const { token } = await newPartner(registry);
    await other.registry.authenticate(`Token ${token}`);
    const seen = new Promise<void>((resolve) => other.registry.onChange(resolve));
    await drop(registry, token);
    await seen;
    await expect(other.registry.authenticate(`Token ${token}`)).rejects.toMatchObject(unauthorized);
  });

  it('learns of a change without any notice, by its check', async () => {
    const { registry, database } = await newProcess();
    const { token } = await newPartner(registry);
    await registry.authenticate(`Token ${token}`);
    const seen = new Promise<void>((resolve) => registry.onChange(resolve));
    await database.pool.query('delete from credentials_token');
    await database.pool.query('update registry_version set version = version + 1');
    await seen;
    await expect(registry.authenticate(`Token ${token}`)).rejects.toMatchObject(unauthorized);
  });

  it('comes back by itself when its connection was cut', async () => {
    const { registry, database } = await newProcess();
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'ocpi-hub registry' and datname = current_database()`,
    );
    const seen = new Promise<void>((resolve) => registry.onChange(resolve));
    await database.pool.query('update registry_version set version = version + 1');
    await seen;
    expect(registry.version).toBeGreaterThan(1);
  });

  it('asks the database for many unknown tokens one question at a time', async () => {
    const { registry, database } = await newProcess();
    const query = jest.spyOn(database.pool, 'query');
    const answers = await Promise.allSettled(
      Array.from({ length: 500 }, async (_value, index) => registry.authenticate(`Token garbage-${index}`)),
    );
    expect(answers.every((answer) => answer.status === 'rejected')).toBe(true);
    expect(query.mock.calls.length).toBeLessThanOrEqual(2);
    query.mockRestore();
  });
});

describe('the first use of a new token', () => {
  it('ends token A and the superseded one, for good', async () => {
    const { registry, database } = await newProcess();
    const { id, token: old } = await newPartner(registry);
    const [a, fresh] = [vault.newToken(), vault.newToken()];
    await registry.write(async ({ client }) => {
      await supersede(client, vault.hash(old));
      await issueToken(client, { partnerId: id, kind: 'A', hash: vault.hash(a) });
      await issueToken(client, { partnerId: id, kind: 'C', hash: vault.hash(fresh) });
    });
    expect(registry.authenticate(`Token ${old}`)).toMatchObject({ kind: 'SUPERSEDED' });
    const callers = await Promise.all([1, 2, 3].map(async () => registry.authenticate(`Token ${fresh}`)));
    expect(callers.map((caller) => caller.kind)).toEqual(['C', 'C', 'C']);
    await expect(registry.authenticate(`Token ${old}`)).rejects.toMatchObject(unauthorized);
    await expect(registry.authenticate(`Token ${a}`)).rejects.toMatchObject(unauthorized);
    const { rows } = await database.pool.query('select kind from credentials_token where partner_id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ kind: 'C' }]);
  });

  it('does not bring back a token past its time', async () => {
    const { registry } = await newProcess();
    const { token } = await newPartner(registry, 'A');
    await registry.write(({ client }) =>
      client.query(`update credentials_token set expires_at = now() - interval '1 s'`),
    );
    await expect(registry.authenticate(`Token ${token}`)).rejects.toMatchObject(unauthorized);
  });
});

describe('a write', () => {
  it('changes nothing when it fails', async () => {
    const { registry } = await newProcess();
    const before = registry.version;
    const failing = registry.write(async ({ client }) => {
      await client.query(`insert into partner (name) values ('never')`);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(registry.version).toBe(before);
    expect(registry.partners().some((partner) => partner.name === 'never')).toBe(false);
  });

  it('finds a party that another process has just made', async () => {
    const { registry } = await newProcess();
    const other = await newProcess();
    const { id } = await newPartner(registry);
    await registry.write(({ client }) =>
      placeParties(client, { partnerId: id, suspended: false }, [
        { role: 'CPO', country_code: 'de', party_id: 'abc' },
      ]),
    );
    const party = await other.registry.findParty({ country_code: 'DE', party_id: 'ABC' });
    expect(party).toMatchObject({ partner: id, roles: ['CPO'], status: 'CONNECTED' });
    expect(other.registry.partyByNumber(party?.number ?? 0)).toBe(party);
  });

  it('leaves memory right while many run at once', async () => {
    const { registry } = await newProcess();
    const other = await newProcess();
    const made = await Promise.all(
      Array.from({ length: 12 }, (_v, i) => newPartner([registry, other.registry][i % 2]!)),
    );
    for (const { id } of made) expect([registry, other.registry].some((r) => r.partner(id))).toBe(true);
    for (const { token } of made)
      expect(await registry.authenticate(`Token ${token}`)).toMatchObject({ kind: 'C' });
  });
});

describe('while the database cannot be asked', () => {
  async function onServer(sql: string): Promise<void> {
    const client = new Client({ ...connection, database: 'postgres' });
    await client.connect();
    await client.query(sql);
    await client.end();
  }

  it('memory is served for a minute at most, and again when it is back', async () => {
    const { registry } = await newProcess();
    const { token } = await newPartner(registry);
    await registry.authenticate(`Token ${token}`);
    await onServer(`alter database ${connection.database} allow_connections false`);
    await onServer(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${connection.database}'`,
    );
    expect(registry.authenticate(`Token ${token}`)).toMatchObject({ kind: 'C' });
    await expect(registry.authenticate('Token unknown')).rejects.toMatchObject({
      error: { kind: 'HubFault' },
    });
    const now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now + 61_000);
    expect(() => registry.authenticate(`Token ${token}`)).toThrow('HubFault');
    await onServer(`alter database ${connection.database} allow_connections true`);
    await registry.confirm();
    expect(registry.authenticate(`Token ${token}`)).toMatchObject({ kind: 'C' });
    clock.mockRestore();
  });
});

describe('the vault', () => {
  it('stops a start with another key', async () => {
    const { database } = await newProcess();
    await Vault.verifyKey(database.pool, vault);
    await Vault.verifyKey(database.pool, new Vault('a secret key for tests'));
    await expect(Vault.verifyKey(database.pool, new Vault('another'))).rejects.toThrow('SECRET_KEY');
  });

  it('issues tokens that OCPI allows', () => {
    expect(vault.newToken()).toMatch(/^[\x21-\x7e]{43,64}$/);
    expect(vault.decrypt(vault.encrypt('tökèn'))).toBe('tökèn');
  });
});
