/* The simulator of partner platforms: what tests, the demo and the command line use. It shares no code with the hub. */
export { SimulatedPlatform, type PlatformOptions } from './platform';
export { SimulatedCpo } from './cpo';
export { SimulatedEmsp } from './emsp';
export { adopt, partyOfFeed, readFeed } from './feeds';
export { generateTariffs, generateTokens } from './generate';
export { generateLocations } from './generate-locations';
export { generateCdr, generateSession } from './generate-session';
export { objectKey, keyOf, objectsOf, instant, latest, idOf, ownerOf } from './store';
export { evseOf, mergePatch } from './merge';
export { modulesOf } from './endpoints';
export { succeeded, describeAnswer } from './http-client';
export { sameJson, at, asObject, asObjects, asText, isObject, parseJson, messageOf } from './json';
export type { Json, JsonObject } from './json';
export { versionsUrlOf } from './discover';
export { putObject, putObjects, pushTo, type Pushed } from './pushing';
export { inParallel } from './parallel';
export type * from './types';
