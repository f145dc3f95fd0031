import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../simulator';
import { Admin } from './admin';
import { emsps, feedCpos, generatedCpos, type Cast } from './cast';
import { startHub, type HubProcess } from './hub-process';
import { readOptions, USAGE, type DemoOptions } from './options';
import { connect } from './partner';
import { tellCharge } from './story/tell-charge';
import { changeStatuses, charge, pushAll } from './traffic';
import { allStored, table, verdictOn, type Row } from './verdict';

/*
 * npm run demo: a hub with partners around it, from the first handshake to a verdict. The demo starts a hub as a
 * process of its own and makes three CPOs and two eMSPs. Every partner registers and pushes all its objects. A minute
 * of traffic follows: EVSE statuses change, and one car charges. The demo then tells one more charge message by
 * message. At the end the demo compares what every partner holds with what it must hold, and prints a table. The exit
 * code is 0 only if every partner is in sync and every step of that charge succeeded.
 */

const SYNC_LIMIT_MS = 120_000;
/** How long the end of a hub may take to be noticed after a partner got no answer from it. */
const DEATH_MS = 1000;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const interrupted = new Promise<void>((resolve) => process.once('SIGINT', resolve));
  const hub = await startHub(options);
  const cast = await invite(options);
  try {
    const play = perform(options, hub, cast).catch((error: unknown) => insteadOf(error, hub));
    const code = await Promise.race([play, hub.died, interrupted.then(() => 130)]);
    if (options.stay && code !== 130) await stay(hub, interrupted);
    return code;
  } finally {
    await Promise.all([...cast.cpos, ...cast.emsps].map(({ platform }) => platform.stop()));
    await hub.stop();
  }
}

async function invite({ feedDir }: DemoOptions): Promise<Cast> {
  return { cpos: await (feedDir === undefined ? generatedCpos() : feedCpos(feedDir)), emsps: await emsps() };
}

/** Why the hub ended, if that is what is behind an error. */
async function insteadOf(error: unknown, hub: HubProcess): Promise<never> {
  await Promise.race([hub.died, pause(DEATH_MS)]);
  throw error;
}

/** @returns the exit code: 0 where everybody is in sync and the story of one charge went well */
async function perform(options: DemoOptions, hub: HubProcess, cast: Cast): Promise<number> {
  const admin = new Admin(hub);
  let phase = 'handshakes';
  const end = showProgress(admin, cast, () => phase);
  try {
    await enter(admin, options, cast);
    phase = 'pushing all';
    await Promise.all([...cast.emsps, ...cast.cpos].map(pushAll));
    phase = 'traffic';
    await traffic(options, cast);
    phase = 'catching up';
    await synced(admin, cast, SYNC_LIMIT_MS);
  } finally {
    end();
  }
  const told = await tellCharge(cast, console.log);
  if (told) await synced(admin, cast, SYNC_LIMIT_MS);
  const inSync = await report(cast);
  return told && inSync ? 0 : 1;
}

async function enter(admin: Admin, { feedDir }: DemoOptions, cast: Cast): Promise<void> {
  for (const emsp of cast.emsps) await connect(admin, emsp, { lenient: false });
  for (const cpo of cast.cpos) await connect(admin, cpo, { lenient: feedDir !== undefined });
}

async function traffic({ fast }: DemoOptions, { cpos, emsps: [emsp] }: Cast): Promise<void> {
  const deadline = Date.now() + (fast ? 10_000 : 60_000);
  const [cpo] = cpos;
  if (cpo === undefined || emsp === undefined) throw new Error('nobody takes part');
  await Promise.all([changeStatuses(cpos, deadline), charge(cpo, emsp, deadline)]);
}

async function report(cast: Cast): Promise<boolean> {
  const rows: Row[] = [];
  for (const partner of [...cast.cpos, ...cast.emsps])
    rows.push({ partner, verdict: await verdictOn(cast, partner) });
  console.log(table(rows));
  return rows.every(({ verdict }) => verdict === 'yes');
}

async function stay(hub: HubProcess, interrupted: Promise<void>): Promise<void> {
  const admin = `curl -s -H 'Authorization: Bearer ${hub.adminToken}' ${hub.url}/admin/api`;
  console.log(`hub and partners run on; Ctrl-C ends
  the hub        ${hub.url}
  its API        ${hub.url}/docs
  who is behind  ${admin}/feed
  the partners   ${admin}/partners`);
  await Promise.race([interrupted, hub.died]);
}

/** Shows what goes on once a second, on a terminal in one line. @returns what ends it */
function showProgress(admin: Admin, cast: Cast, phase: () => string): () => void {
  const timer = setInterval(() => {
    admin.behind().then(
      (behind) => show(`${phase()}: ${figures(cast)}, hub ${behind} changes behind`),
      () => undefined,
    );
  }, 1000);
  return () => {
    clearInterval(timer);
    if (process.stderr.isTTY) process.stderr.write('\n');
  };
}

function figures({ cpos, emsps }: Cast): string {
  const all = [...cpos, ...emsps];
  const sum = (of: (partner: (typeof all)[number]) => number) =>
    all.reduce((total, one) => total + of(one), 0);
  return `${sum((one) => one.sent)} sent, ${sum((one) => one.platform.received.length)} received`;
}

function show(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
}

/** Waits until the hub has nothing left to push and everybody holds everything. @returns whether that came true */
async function synced(admin: Admin, cast: Cast, limitMs: number): Promise<boolean> {
  const limit = Date.now() + limitMs;
  while (Date.now() < limit) {
    if ((await admin.behind()) === 0 && allStored(cast)) return true;
    await pause(200);
  }
  return false;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
  },
);
