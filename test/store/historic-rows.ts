import type { Client } from 'pg';
import { endpointPath } from '../../src/simulator/platform/endpoints';
import type { OfferedModule, Party } from '../../src/simulator/types';
import type { Fields } from '../support/network';

/*
 * Rows as the releases wrote them that brought the first migrations. They stand here for good: a later migration must
 * cope with them, so they do not follow the code of today.
 */

export interface PartnerRow {
  party: Party;
  versionsUrl: string;
  endpoints: unknown[];
  /** Encrypted. */
  theirToken: Buffer;
  hash: Buffer;
}

export const endpointOf = (base: string, { identifier, role }: OfferedModule): string =>
  base + endpointPath(identifier, role);

/** Since 1764000000000: platforms with a party each, registered; the key's proof; a finding. */
export async function insertPartners(sql: Client, partners: PartnerRow[], proof: Buffer): Promise<void> {
  await sql.query(`insert into hub_key (one, proof) values (true, $1)`, [proof]);
  for (const { party, versionsUrl, endpoints, theirToken, hash } of partners) {
    const { rows } = await sql.query<{ id: string }>(
      `insert into partner (name, status, versions_url, version, endpoints, their_token, registration, registered_at)
       values ($1, 'REGISTERED', $2, '2.2.1', $3, $4, 1, now()) returning id`,
      [party.name, versionsUrl, JSON.stringify(endpoints), theirToken],
    );
    const id = rows[0]?.id;
    await sql.query(
      `insert into credentials_token (hash, partner_id, kind, first_used_at) values ($1, $2, 'C', now())`,
      [hash, id],
    );
    await sql.query(
      `insert into party (country_code, party_id, partner_id, roles, in_credentials, status)
       values ($1, $2, $3, $4, true, 'CONNECTED')`,
      [party.country_code, party.party_id, id, [party.role]],
    );
  }
  await sql.query(
    `insert into finding select id, 'locations', '$.address', 'old rule', 7, now(), 'L1' from partner where name like 'CPO%'`,
  );
  await sql.query(`update registry_version set version = version + 1`);
}

interface HistoricObjects {
  locations: Fields[];
  tariffs: Fields[];
  sessions: Fields[];
  cdrs: Fields[];
}

/**
 * Since 1764000000001: objects of the first party. The second has L2 and T1 and was given C1; since its position
 * L1 and S1 changed, and C2 waits.
 */
export async function insertObjects(sql: Client, objects: HistoricObjects): Promise<void> {
  const [l1, l2] = await each(objects.locations, (object) => insertLocation(sql, object));
  const [t1] = await each(objects.tariffs, (object) => insertHead(sql, { module: 2, object }));
  const [s1] = await each(objects.sessions, (object) =>
    insertHead(sql, { module: 3, object, counterpart: 2 }),
  );
  const [c1, c2] = await each(objects.cdrs, (object) =>
    insertHead(sql, { module: 4, object, counterpart: 2 }),
  );
  await sql.query(`insert into object_count values (1, 1, 0, 2), (2, 1, 0, 1), (3, 1, 2, 1), (4, 1, 2, 2)`);
  for (const [head, module] of [
    [l2, 1],
    [t1, 2],
    [c1, 4],
  ])
    await insertChange(sql, head, module);
  await sql.query(
    `insert into position (receiver, partner_id, xid, number, last_success)
     select y.number, y.partner_id, c.xid, c.number, now()
       from party y, lateral (select xid, number from change order by xid desc, number desc limit 1) c`,
  );
  for (const [head, module] of [
    [l1, 1],
    [s1, 3],
    [c2, 4],
  ])
    await insertChange(sql, head, module);
  await sql.query(
    `insert into cdr_delivery (head_id, receiver, state, attempts, correlation_id, location_url)
     values ($1, 2, 'delivered', 1, 'old', 'http://127.0.0.1:1/cdrs/C1'), ($2, 2, 'waiting', 0, 'old', null)`,
    [c1, c2],
  );
  await sql.query(
    `insert into failed_delivery (receiver, head_id, attempts, error) values (2, $1, 3, 'HTTP 500')`,
    [t1],
  );
  await sql.query(
    `insert into lease (partner_id, holder, fence, until) select id, gen_random_uuid(), 3, now() - interval '1 day' from partner`,
  );
}

async function each<T, R>(items: readonly T[], make: (item: T) => Promise<R>): Promise<R[]> {
  const made: R[] = [];
  for (const item of items) made.push(await make(item));
  return made;
}

/** Its EVSEs are rows, and neither they nor last_updated stand in its text. */
async function insertLocation(sql: Client, object: Fields): Promise<string> {
  const { evses, last_updated, ...text } = object;
  const head = await insertHead(sql, { module: 1, object: { ...text, id: object.id }, last_updated });
  for (const [place, evse] of (evses as Fields[]).entries())
    await sql.query(`insert into evse (head_id, key, place, text) values ($1, $2, $3, $4)`, [
      ...[head, String(evse.uid).toUpperCase(), place, JSON.stringify(evse)],
    ]);
  return head;
}

async function insertHead(
  sql: Client,
  of: { module: number; object: Fields; counterpart?: number; last_updated?: unknown },
): Promise<string> {
  const { module, object, counterpart = null, last_updated = object.last_updated } = of;
  const id = String(object.id);
  const { rows } = await sql.query<{ id: string }>(
    `insert into head (owner, counterpart, module, key, sent_id) values (1, $1, $2, $3, $4) returning id::text`,
    [counterpart, module, `${module}/1/${id.toUpperCase()}`, id],
  );
  const head = rows[0]?.id ?? '';
  await sql.query(
    `insert into head_state (head_id, version, last_updated, owner, counterpart, module, own_last_updated, shown_last_updated)
     values ($1, 1, $2::timestamptz, 1, $3, $4, $5, $5)`,
    [head, last_updated, counterpart, module, last_updated],
  );
  await sql.query(`insert into object_text (head_id, text) values ($1, $2)`, [head, JSON.stringify(object)]);
  return head;
}

async function insertChange(sql: Client, head: unknown, module: unknown): Promise<void> {
  await sql.query(
    `insert into change (head_id, version, owner, module, correlation_id) values ($1, 1, 1, $2, 'old')`,
    [head, module],
  );
}

/** Since 1764000000002: a URL that was handed out, and a reservation. */
export async function insertCallbacks(sql: Client, hash: Buffer): Promise<void> {
  await sql.query(
    `insert into callback (hash, kind, partner_id, target_partner, from_party, to_party, url)
     select $1, 'commands', a.partner_id, b.partner_id, 1, 2, 'http://127.0.0.1:1/result'
       from party a, party b where a.number = 1 and b.number = 2`,
    [hash],
  );
  await sql.query(`insert into known_route values ('reservation', 2, 'R1', 1, now() + interval '1 day')`);
}
