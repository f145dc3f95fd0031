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
import { SimulatedCpo } from './simulated-cpo';
import { SimulatedEmsp } from './simulated-emsp';
import type { SimulatedPlatform } from './simulated-platform';

/* npm run simulate: one partner at a running hub, until Ctrl-C. */

const UPDATE_MS = 10_000;
const LIMIT_MS = 60_000;

const say = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);

async function main(args: string[]): Promise<void> {
  const options = readOptions(args);
  const { parties, port } = { parties: [options.party], port: options.port };
  if (options.party.role === 'CPO') await runCpo(new SimulatedCpo({ parties, port }), options);
  else await runEmsp(new SimulatedEmsp({ parties, port }), options);
}

/** A CPO does what commands ask for, with a session update every ten seconds. */
async function runCpo(cpo: SimulatedCpo, options: CliOptions): Promise<void> {
  const stop = actOnCommands(cpo, { everyMs: UPDATE_MS, say });
  await enter(cpo, options);
  process.once('SIGINT', stop);
  tell(await pushAsCpo(cpo, options));
}

/** An eMSP answers authorizations of what it pushed; with --charge one of its drivers charges. */
async function runEmsp(emsp: SimulatedEmsp, options: CliOptions): Promise<void> {
  await enter(emsp, options);
  tell(await pushAsEmsp(emsp, options));
  const token = [...emsp.owned.values()].find(({ valid }) => valid === true);
  if (options.charge === undefined || token === undefined) return;
  const limits = { forMs: options.charge * 1000, limitMs: LIMIT_MS, say };
  await chargeOnce(emsp, { token, ...limits }).then(
    (cdr) => say(`${asText(cdr['id'])}: ${Number(cdr['total_energy'])} kWh`),
    (error: unknown) => say(`no charge: ${messageOf(error)}`),
  );
}

async function enter(platform: SimulatedPlatform, options: CliOptions): Promise<void> {
  platform.behaviour = ({ method, path, body }) => void say(`< ${method} ${path} ${body.slice(0, 200)}`);
  await platform.start();
  process.once('SIGINT', () => void platform.stop());
  await connect(platform, options);
}

async function connect(platform: SimulatedPlatform, { hub, tokenA }: CliOptions): Promise<void> {
  say(`${platform.name} listens at ${platform.versionsUrl}`);
  const { parties } = await platform.register(versionsUrlOf(hub), tokenA);
  say(`registered at ${parties.map((party) => `${party.country_code}/${party.party_id}`).join(', ')}`);
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

function tell(pushed: Pushed[]): void {
  for (const { key, answer } of pushed) say(`> ${key} ${describeAnswer(answer)}`);
  say(
    `${pushed.filter(({ accepted }) => accepted).length} of ${pushed.length} objects accepted; Ctrl-C ends`,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`${messageOf(error)}\n\n${USAGE}`);
  process.exit(1);
});
