import { ConfigError, type Settings } from '../config';
import { lookAtEmbedded } from '../postgres';
import { lookAtDataDir } from '../settings/data-dir';
import { lookAt, rightsFault, versionFault, type DatabaseView } from '../store/database-view';
import { targetOf } from '../store/database-fault';
import { Vault, WRONG_KEY } from '../store/vault';
import { ok, warning, wrong, type Finding } from './finding';

/* The database that the settings name, and the folder of what is made once. Nothing is made here. */

/** Runs a check; what the one who set it should know becomes a finding. */
async function finding(what: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const setting = error instanceof ConfigError ? error.setting : undefined;
    const words = error instanceof Error ? error.message : String(error);
    return [wrong(what, words.replace(`setting ${setting}: `, ''))];
  }
}

/** DATA_DIR, where anything is kept there: the embedded database, or secrets that are made once. */
export async function checkDataDir({ config, secrets }: Settings): Promise<Finding[]> {
  if (secrets.databaseUrl !== undefined) return [];
  return finding('DATA_DIR', async () => {
    const found = await lookAtDataDir(config.dataDir);
    const words = found === 'there' ? 'is there and writable' : 'can be made';
    return [ok('DATA_DIR', `${config.dataDir} ${words}`)];
  });
}

/** The embedded database, or that of DATABASE_URL. */
export async function checkDatabase(settings: Settings): Promise<Finding[]> {
  const { databaseUrl } = settings.secrets;
  if (databaseUrl === undefined) return finding('database', () => embedded(settings.config.dataDir));
  return finding('DATABASE_URL', async () => {
    const { place, database, user } = targetOf(databaseUrl);
    const seen = await lookAt({ url: databaseUrl });
    const reached = ok(
      'DATABASE_URL',
      `database "${database}" at ${place} lets user "${user || seen.user}" in`,
    );
    return [reached, ...outside(seen, settings.secrets.secretKey ?? '')];
  });
}

async function embedded(dataDir: string): Promise<Finding[]> {
  const { place, exists, runs } = lookAtEmbedded(dataDir);
  if (runs) return [warning('database', `a hub runs on ${place} now: only one at a time can`)];
  return [ok('database', `embedded, in ${place}${exists ? '' : ', to be made at the first start'}`)];
}

function outside(seen: DatabaseView, secretKey: string): Finding[] {
  const rights = rightsFault(seen);
  return [
    judged('version', versionFault(seen), `PostgreSQL ${seen.version}`),
    judged('rights', rights, `user "${seen.user}" may do all in schema "${seen.schema}"`),
    ...(rights === undefined ? [tablesOf(seen)] : []),
    clockOf(seen),
    ...(seen.proof === undefined ? [] : [keyOf(seen.proof, secretKey)]),
  ];
}

const judged = (what: string, fault: string | undefined, fine: string): Finding =>
  fault === undefined ? ok(what, fine) : wrong(what, fault);

function tablesOf({ pending }: DatabaseView): Finding {
  if (pending === 0) return ok('tables', 'are those of this release');
  return ok('tables', `a start will apply ${pending} migrations: have a backup of a database in use`);
}

/** Far over what two machines with NTP are apart. */
const APART_MS = 2000;

function clockOf({ clockAheadMs }: DatabaseView): Finding {
  const seconds = (Math.abs(clockAheadMs) / 1000).toFixed(1);
  if (Math.abs(clockAheadMs) < APART_MS) return ok('clock', `${seconds} s from that of the database`);
  const side = clockAheadMs > 0 ? 'behind' : 'ahead of';
  return warning('clock', `${seconds} s ${side} that of the database: run NTP on both machines`);
}

function keyOf(proof: Buffer, secretKey: string): Finding {
  if (new Vault(secretKey).opens(proof)) return ok('SECRET_KEY', 'opens the tokens that are stored');
  return wrong('SECRET_KEY', WRONG_KEY);
}
