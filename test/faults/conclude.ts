import { isDeepStrictEqual } from 'node:util';
import { asText, type JsonObject } from '../../src/simulator/json';
import { objectsOf } from '../../src/simulator/objects/keys';
import { eventually } from '../support/network';
import { violationsOf, type Disturbance, type Sent } from './history';
import { statesOf, targetOf } from './states';
import type { Witness } from './witness';

/* The end of every scenario: the load stops, all receivers come to have what the hub lists, and the history is right. */

const MODULES = ['locations', 'tariffs', 'sessions', 'cdrs'];

export interface Run {
  sent: readonly Sent[];
  witnesses: readonly Witness[];
  disturbances: readonly Disturbance[];
}

/** When the load has stopped: waits for receivers and hub to be identical, then judges all that happened. */
export async function conclude({ sent, witnesses, disturbances }: Run): Promise<void> {
  let found: string[] = [];
  const identical = async (): Promise<boolean> => {
    found = (await Promise.all(witnesses.map(differences))).flat();
    return found.length === 0;
  };
  await eventually(identical, 'all receivers identical with the hub').catch((error: unknown) => {
    throw new Error(`${String(error)}; ${found.slice(0, 10).join('; ')}`);
  });
  const violations = violationsOf({
    sent,
    disturbances,
    held: await heldBy(witnesses),
    hub: 'NL/HUB',
    received: witnesses.flatMap((witness) => witness.received()),
    due: (target) => dueOf(target, witnesses),
  });
  expect(violations).toEqual([]);
}

async function listed({ platform }: Witness, module: string): Promise<Map<string, JsonObject>> {
  const { objects } = await platform.listAll(module);
  return new Map(objects.map((object) => [targetOf(module, object), object]));
}

/** In what a receiver's store differs from what the hub lists to it, object by object. */
async function differences(witness: Witness): Promise<string[]> {
  const found: string[] = [];
  for (const module of MODULES) {
    const hub = await listed(witness, module);
    const stored = new Map(
      objectsOf(witness.platform.stored, module).map((object) => [targetOf(module, object), object]),
    );
    for (const target of new Set([...hub.keys(), ...stored.keys()])) {
      if (!isDeepStrictEqual(hub.get(target), stored.get(target)))
        found.push(`${witness.party} ${target}: ${has(stored, target)}, the hub ${has(hub, target)}`);
    }
  }
  return found;
}

function has(objects: ReadonlyMap<string, JsonObject>, target: string): string {
  return asText(objects.get(target)?.last_updated) || 'nothing';
}

/** Marks of all that the hub lists to any of the receivers. */
async function heldBy(witnesses: readonly Witness[]): Promise<Map<string, string>> {
  const held = new Map<string, string>();
  for (const witness of witnesses)
    for (const module of MODULES)
      for (const object of (await listed(witness, module)).values())
        for (const { target, mark } of statesOf(module, object)) held.set(target, mark ?? '');
  return held;
}

/** Sessions and CDRs go to the eMSP that their id ends in, everything else to all. */
function dueOf(target: string, witnesses: readonly Witness[]): string[] {
  const parties = witnesses.map((witness) => witness.party);
  if (!/^(sessions|cdrs)\//.test(target)) return parties;
  return parties.filter((party) => target.endsWith(`-${party.split('/')[1]}`));
}
