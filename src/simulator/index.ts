/*
 * The simulator of partner platforms, for tests, the demo and `npm run simulate`. It shares no code with the hub, so
 * that a mistake of the hub is not repeated here. A SimulatedPlatform is one OCPI platform on a real socket;
 * SimulatedCpo and SimulatedEmsp add the messages of their role. `platform` holds the parts of every platform:
 * server, state, parties, URLs. `http` carries bytes, and `credentials` makes the connection to another platform.
 * `objects` lists, pushes and receives locations, tariffs, sessions, CDRs and tokens. `commands` holds commands and
 * charging profiles, whose result comes later. `charge` plays a whole charge, and `generate` makes the objects that
 * platforms start with.
 */
export { SimulatedPlatform, type PlatformOptions } from './simulated-platform';
export { SimulatedCpo } from './simulated-cpo';
export { SimulatedEmsp } from './simulated-emsp';
export { command, profile, type Outcome, type Routing } from './commands/ask';
export { AsyncRequest, type AsyncBehaviour, type AsyncKind } from './commands/async-request';
export type { Authorizing } from './objects/authorize';
export { COMMANDS, COMMAND_RESULTS, type CommandType } from './commands/command-objects';
export { activeProfile } from './commands/charging-profiles';
export { nextPeriod, ownedLocation, payerOf, sessionFor } from './charge/session';
export { chargeOnce } from './charge/charge-once';
export { actOnCommands } from './charge/act-on-commands';
export { partyOf, sameParty } from './platform/parties';
export { adopt, partyOfFeed, readFeed } from './generate/feeds';
export { generateTariffs, generateTokens } from './generate/tariffs-and-tokens';
export { generateLocations } from './generate/locations';
export { generateCdr, generateSession } from './generate/sessions-and-cdrs';
export { objectKey, keyOf, objectsOf, instant, latest, idOf, ownerOf } from './objects/keys';
export { evseOf, mergePatch } from './objects/merge';
export { modulesOf } from './platform/endpoints';
export { succeeded, describeAnswer } from './http/answers';
export { sameJson, at, asObject, asObjects, asText, isObject, parseJson, messageOf } from './json';
export type { Json, JsonObject } from './json';
export { versionsUrlOf } from './credentials/discover';
export { putObject, putObjects, pushTo, inParallel, type Pushed } from './objects/push';
export type * from './types';
