import {
  describeAnswer,
  succeeded,
  type Answer,
  type JsonObject,
  type Outcome,
  type PartyId,
} from '../../simulator';
import type { Cast } from '../cast';
import type { CpoPartner, EmspPartner } from '../partner';
import { Journal, nameOf, type Hop } from './journal';
import { Teller } from './teller';

/* Who plays in the story of one charge, and what its steps have in common. */

export interface Scene {
  teller: Teller;
  cpo: CpoPartner;
  emsp: EmspPartner;
  /** Who the two are in TO headers. */
  cpoParty: PartyId;
  emspParty: PartyId;
  /** A message from the CPO to the eMSP, and the other way. */
  toEmsp: Hop[];
  toCpo: Hop[];
}

/** The first CPO and the first eMSP, watched from now on like all others. @throws Error where there is none */
export function setUp({ cpos, emsps }: Cast, print: (line: string) => void): Scene {
  const [cpo] = cpos;
  const [emsp] = emsps;
  const cpoParty = cpo?.platform.parties[0];
  const emspParty = emsp?.platform.parties[0];
  if (cpo === undefined || emsp === undefined || cpoParty === undefined || emspParty === undefined)
    throw new Error('nobody takes part');
  emsp.platform.authorizing.reference = () => 'AUTH-STORY';
  const [ofCpo, ofEmsp] = [nameOf(cpo), nameOf(emsp)];
  const message = (from: string, to: string): Hop[] => [
    { who: from, direction: 'sent' },
    { who: to, direction: 'received' },
  ];
  return {
    teller: new Teller(new Journal([...cpos, ...emsps]), print),
    cpo,
    emsp,
    cpoParty,
    emspParty,
    toEmsp: message(ofCpo, ofEmsp),
    toCpo: message(ofEmsp, ofCpo),
  };
}

/** A request and, as a step of its own, its result at the eMSP's response_url. */
export async function asked(scene: Scene, what: string, act: () => Promise<Outcome>): Promise<void> {
  const { teller, toCpo, toEmsp } = scene;
  const outcome = await teller.step(`The eMSP sends ${what} to the CPO, which accepts`, toCpo, async () => {
    const asking = await act();
    expectSuccess(asking.answer);
    expectEqual('result', asking.response, 'ACCEPTED');
    return asking;
  });
  await teller.step(`The result of ${what} comes to the eMSP's own response_url`, toEmsp, async () => {
    expectEqual('result', (await outcome.result())['result'], 'ACCEPTED');
  });
}

/** DateTime of this moment. */
export const now = (): string => new Date().toISOString();

/** Books a session as it must be everywhere now. */
export function keep(cpo: CpoPartner, session: JsonObject): JsonObject {
  cpo.bookSuccess();
  cpo.expected.put('sessions', session);
  return session;
}

/** @throws Error that says how it was answered, unless with success */
export function expectSuccess(answer: Answer): void {
  if (!succeeded(answer)) throw new Error(describeAnswer(answer));
}

/** @throws Error that names the value */
export function expectEqual(what: string, value: unknown, expected: unknown): void {
  if (value !== expected)
    throw new Error(`${what} is ${JSON.stringify(value)}, not ${JSON.stringify(expected)}`);
}
