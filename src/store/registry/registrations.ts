import type { PoolClient } from 'pg';
import type { Endpoint, Partner } from '../../domain/partner';

/** What a handshake is held against before it changes anything. */
export interface RegistrationState {
  status: Partner['status'];
  suspended: boolean;
  /** Number of handshakes so far: another number than at its start means that another one ended first. */
  registration: number;
  endpoints: Endpoint[];
}

const STATE = 'select status, suspended, registration, endpoints from partner where id = $1';

/** As committed now; undefined if the partner is gone. */
export async function registrationState(
  client: Pick<PoolClient, 'query'>,
  partnerId: string,
): Promise<RegistrationState | undefined> {
  const { rows } = await client.query<RegistrationState>(STATE, [partnerId]);
  return rows[0];
}

/** As `registrationState`, and nobody else may change it before this transaction ends. */
export async function lockRegistration(
  client: PoolClient,
  partnerId: string,
): Promise<RegistrationState | undefined> {
  const { rows } = await client.query<RegistrationState>(`${STATE} for no key update`, [partnerId]);
  return rows[0];
}

/** Both sides of a connection, as a handshake made it. */
export interface Connection {
  versions_url: string;
  version: string;
  endpoints: readonly Endpoint[];
  /** Encrypted. */
  their_token: Buffer;
}

/** The partner is registered with this connection. */
export async function storeConnection(
  client: PoolClient,
  partnerId: string,
  connection: Connection,
): Promise<void> {
  await beginClientInfo(client, partnerId);
  await client.query(
    `update partner set status = 'REGISTERED', registration = registration + 1, registered_at = now(),
            versions_url = $2, version = $3, endpoints = $4, their_token = $5 where id = $1`,
    [
      partnerId,
      connection.versions_url,
      connection.version,
      JSON.stringify(connection.endpoints),
      connection.their_token,
    ],
  );
}

/** A newly registered partner gets the changes of ClientInfo from here on: what is there it lists. */
async function beginClientInfo(client: PoolClient, partnerId: string): Promise<void> {
  await client.query(
    `insert into client_info_position (partner_id, version)
     select p.id, r.version from partner p, registry_version r where p.id = $1 and p.status <> 'REGISTERED'
     on conflict (partner_id) do update set version = excluded.version`,
    [partnerId],
  );
}

/** The partner is registered no longer; what it offered, its token and its roles are forgotten. */
export async function clearConnection(client: PoolClient, partnerId: string): Promise<void> {
  await client.query(
    `update partner set status = 'UNREGISTERED', registration = registration + 1, versions_url = null,
            version = null, endpoints = '[]', their_token = null where id = $1`,
    [partnerId],
  );
  await client.query('update party set in_credentials = false where partner_id = $1', [partnerId]);
}
