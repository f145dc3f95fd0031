import { actOnCommands } from './charge/act-on-commands';
import { chargeOnce } from './charge/charge-once';
import { readOptions, USAGE, type CliOptions } from './cli-options';
import { versionsUrlOf } from './credentials/discover';
import { adopt, readFeed } from './generate/feeds';
import { generateLocations } from './generate/locations';
import { generateTariffs, generateTokens } from './generate/tariffs-and-tokens';
import { describeAnswer } from './http/answers';
import { asText, messageOf, type JsonObject } from './json';
import type { Pushed } from './objects/push';
import type { Peer } from './types';
import { SimulatedCpo } from './simulated-cpo';
import { SimulatedEmsp } from './simulated-emsp';
import { readState, saveState, type SavedState } from './platform/saved-state';
import type { SimulatedPlatform } from './simulated-platform';

/* npm run simulate: one partner at a running hub, until Ctrl-C. */

const UPDATE_MS = 10_000;
const LIMIT_MS = 60_000;

const say = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);

async function main(args: string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return console.log(USAGE);
  const options = readOptions(args);
  const saved = options.state === undefined ? undefined : readState(options.state);
  const platform = { parties: [options.party], port: saved?.port ?? options.port };
  const run = { options, saved };
  if (options.party.role === 'CPO') await runCpo(new SimulatedCpo(platform), run);
  else await runEmsp(new SimulatedEmsp(platform), run);
}

/** What a simulator was asked for, and the registration that it comes back with. */
interface Run {
  options: CliOptions;
  saved: SavedState | undefined;
}

/** A CPO does what commands ask for, with a session update every ten seconds. */
async function runCpo(cpo: SimulatedCpo, run: Run): Promise<void> {
  const stop = actOnCommands(cpo, { everyMs: UPDATE_MS, say });
  await enter(cpo, run);
  process.once('SIGINT', stop);
  tell(await pushAsCpo(cpo, run.options), run.options);
}

/** An eMSP answers authorizations of what it pushed; with --charge one of its drivers charges. */
async function runEmsp(emsp: SimulatedEmsp, run: Run): Promise<void> {
  const { options } = run;
  await enter(emsp, run);
  tell(await pushAsEmsp(emsp, options), options);
  const token = [...emsp.owned.values()].find(({ valid }) => valid === true);
  if (options.charge === undefined || token === undefined) return;
  const limits = { forMs: options.charge * 1000, limitMs: LIMIT_MS, say };
  await chargeOnce(emsp, { token, ...limits }).then(
    (cdr) => say(`${asText(cdr['id'])}: ${Number(cdr['total_energy'])} kWh`),
    (error: unknown) => say(`no charge: ${messageOf(error)}`),
  );
}

async function enter(platform: SimulatedPlatform, run: Run): Promise<void> {
  const { options } = run;
  if (options.verbose)
    platform.behaviour = ({ method, path, body }) => void say(`< ${method} ${path} ${body.slice(0, 200)}`);
  else sayHowMany(platform);
  await platform.start();
  say(`${platform.name} listens at ${platform.versionsUrl}`);
  const { parties } = await connect(platform, run);
  if (options.state !== undefined) saveState(options.state, platform.saved());
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void leave(platform, options).finally(() => process.exit(0)));
  say(`registered at ${parties.map((party) => `${party.country_code}/${party.party_id}`).join(', ')}`);
}

function connect(platform: SimulatedPlatform, { options: { invitation }, saved }: Run): Promise<Peer> | Peer {
  if (saved) return platform.resume(saved);
  if (!invitation) throw new Error('--hub and --token-a are required');
  return platform.register(versionsUrlOf(invitation.hub), invitation.tokenA);
}

/** With a state it can come back; without one nobody could reach it any more, so it unregisters. */
async function leave(platform: SimulatedPlatform, { state }: CliOptions): Promise<void> {
  if (state !== undefined) {
    saveState(state, platform.saved());
    say(`the registration is kept: --state ${state} brings it back`);
  } else if (platform.isRegistered) {
    await platform.unregister().then(
      () => say('unregistered: POST /admin/api/partners/ID/token_a gives a token A for the next time'),
      (error: unknown) => say(`could not unregister: ${messageOf(error)}`),
    );
  }
  await platform.stop();
}

/** One line per second in which something came. */
function sayHowMany(platform: SimulatedPlatform): void {
  let told = 0;
  setInterval(() => {
    const { length } = platform.received;
    const last = platform.received.at(-1);
    if (length > told && last) say(`< ${length - told} requests, the last: ${last.method} ${last.path}`);
    told = length;
  }, 1000).unref();
}

async function pushAsCpo(cpo: SimulatedCpo, options: CliOptions): Promise<Pushed[]> {
  const { seed, party, feed } = options;
  if (feed !== undefined) return cpo.pushLocations(fromFeed(feed, options));
  const tariffs = generateTariffs({ seed, count: 5, party });
  const tariffIds = tariffs.map((tariff) => asText(tariff['id']));
  const pushed = await cpo.pushTariffs(tariffs);
  return [...pushed, ...(await cpo.pushLocations(generateLocations({ seed, count: 50, party, tariffIds })))];
}

async function pushAsEmsp(emsp: SimulatedEmsp, options: CliOptions): Promise<Pushed[]> {
  const { seed, party, feed } = options;
  return emsp.pushTokens(
    feed === undefined ? generateTokens({ seed, count: 50, party }) : fromFeed(feed, options),
  );
}

function fromFeed(feed: string, { party }: CliOptions): JsonObject[] {
  const { objects, changed } = adopt(readFeed(feed), party);
  say(`${objects.length} objects of ${feed}, ${changed} of them adopted`);
  return objects;
}

/** Refused objects, with --verbose all of them, and how many were accepted. */
function tell(pushed: Pushed[], { verbose }: CliOptions): void {
  const shown = pushed.filter(({ accepted }) => verbose || !accepted);
  for (const { key, answer } of shown) say(`> ${key} ${describeAnswer(answer)}`);
  const accepted = pushed.filter((one) => one.accepted).length;
  say(`${accepted} of ${pushed.length} objects accepted; Ctrl-C ends`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`${messageOf(error)}\n\n${USAGE}`);
  process.exit(1);
});
