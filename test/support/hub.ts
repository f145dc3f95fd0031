import os from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { readConfig } from '../../src/config';
import { startHub as start, type RunningHub } from '../../src/start';
import type { Connection } from '../../src/store/database';
import { checkAnswersOf } from './documented-answers';
import { testDatabase } from './test-database';
import { bounded } from './wait';

export const ADMIN_TOKEN = 'test-admin-token';

export interface AdminAnswer {
  http: number;
  json: Record<string, unknown>;
}

/** A hub in this process on a real socket, with a database of its own. */
export interface TestHub extends RunningHub {
  /** Base of its URLs. */
  url: string;
  versionsUrl: string;
  adminToken: string;
  admin(method: string, path: string, body?: unknown): Promise<AdminAnswer>;
  /** Makes a partner and answers its id and token A. */
  partner(
    name: string,
    options?: { parties?: unknown[]; policies?: Record<string, unknown> },
  ): Promise<{ id: string; token_a: string }>;
  /** Its database, for a hub that is started again. */
  connection: Connection;
}

async function admin(url: string, method: string, at: { path: string; body: unknown }): Promise<AdminAnswer> {
  const response = await fetch(`${url}/admin/api${at.path}`, {
    method,
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
    body: at.body === undefined ? undefined : JSON.stringify(at.body),
  });
  const text = await response.text();
  return { http: response.status, json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

/** Starts a hub for a test; `env` overrides settings by their names. On a new database, or on that of another. */
export async function startHub(env: Record<string, string> = {}, on?: Connection): Promise<TestHub> {
  const connection = on ?? (await testDatabase()).connection;
  const settings = readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: path.join(os.tmpdir(), `hub-test-data-${randomUUID()}`),
    ADMIN_TOKEN,
    SECRET_KEY: 'test-secret-key-of-32-characters!',
    LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
    RETRY_MIN_MS: '50',
    RETRY_MAX_MS: '200',
    FORWARD_TIMEOUT_MS: '2000',
    ...env,
  });
  const hub = await start({ ...settings, connection });
  const call = (method: string, at: string, body?: unknown): Promise<AdminAnswer> =>
    admin(hub.url, method, { path: at, body });
  checkAnswersOf(hub.port, hub.context.config.hub);
  return {
    ...hub,
    stop: () => bounded(hub.stop(), 'the end of the hub'),
    connection,
    versionsUrl: `${hub.url}/ocpi/versions`,
    adminToken: ADMIN_TOKEN,
    admin: call,
    partner: async (name, options = {}) => {
      const made = await call('POST', '/partners', { name, parties: options.parties });
      const { id, token_a } = made.json as { id: string; token_a: string };
      if (options.policies) await call('PATCH', `/partners/${id}`, options.policies);
      return { id, token_a };
    },
  };
}
