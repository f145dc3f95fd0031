/* The simulator of partner platforms: what tests, the demo and the command line use. */
export { SimulatedPlatform, type PlatformOptions } from './platform';
export { objectKey, keyOf, objectsOf } from './store';
export { modulesOf } from './endpoints';
export { succeeded, describeAnswer } from './http-client';
export { sameJson, at, asObject, asObjects, asText, isObject, type Json, type JsonObject } from './json';
export { versionsUrlOf } from './discover';
export type * from './types';
