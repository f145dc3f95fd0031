import { readOptions, USAGE, type CliOptions } from './cli-options';
import { SimulatedCpo } from './cpo';
import { versionsUrlOf } from './discover';
import { SimulatedEmsp } from './emsp';
import { adopt, readFeed } from './feeds';
import { generateTariffs, generateTokens } from './generate';
import { generateLocations } from './generate-locations';
import { describeAnswer } from './http-client';
import { asText, messageOf, type JsonObject } from './json';
import type { SimulatedPlatform } from './platform';
import type { Pushed } from './pushing';

/* npm run simulate: one partner at a running hub, until Ctrl-C. */

const say = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);

async function main(args: string[]): Promise<void> {
  const options = readOptions(args);
  const { parties, port } = { parties: [options.party], port: options.port };
  const isCpo = options.party.role === 'CPO';
  const platform = isCpo ? new SimulatedCpo({ parties, port }) : new SimulatedEmsp({ parties, port });
  platform.behaviour = ({ method, path, body }) => void say(`< ${method} ${path} ${body.slice(0, 200)}`);
  await platform.start();
  process.once('SIGINT', () => void platform.stop());
  await connect(platform, options);
  tell(
    platform instanceof SimulatedCpo
      ? await pushAsCpo(platform, options)
      : await pushAsEmsp(platform, options),
  );
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
