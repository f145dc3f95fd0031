import type { ReceiveKind } from '../../ocpi/module';
import type { Stores } from '../context';
import type { Received } from './decide';
import type { Incoming } from './incoming';
import { receiveCdr } from './receive-cdr';
import { receiveFlat } from './receive-flat';
import { receiveLocation } from './receive-location';

const RECEIVE: Record<ReceiveKind, (stores: Stores, incoming: Incoming) => Promise<Received>> = {
  whole: receiveFlat,
  levels: receiveLocation,
  once: receiveCdr,
};

/**
 * Checks and stores an object that was pushed, pulled or relayed, in the way of its module.
 * @throws Invalid, UnknownObject, UnknownReceiver
 */
export function receiveObject(stores: Stores, incoming: Incoming): Promise<Received> {
  return RECEIVE[incoming.module.receive](stores, incoming);
}
