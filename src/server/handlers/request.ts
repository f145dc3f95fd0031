import { relayRequest } from '../../hub/relay/request';
import type { Reply } from '../../ocpi/envelope';
import type { RequestDescriptor } from '../../ocpi/module';
import { parseJson, readBody, type JsonBody } from '../body';
import type { OcpiCall } from '../ocpi-call';
import type { Routed } from '../routed';
import { namedReceiver, relayedOf } from './relay';

interface Body extends JsonBody {
  bytes: Buffer;
}

/** The body, where the request has one; authorize may come without (semantics 41). @throws NotJson, BodyTooLarge */
async function bodyOf(call: OcpiCall, descriptor: RequestDescriptor): Promise<Body | undefined> {
  const bytes = await readBody(call);
  return bytes.length === 0 && descriptor.bodyIsOptional ? undefined : { bytes, ...parseJson(bytes) };
}

/** A command, charging profile, charging_preferences or authorize: checked, then sent to the one that it is for. */
export async function request(routed: Routed, descriptor: RequestDescriptor): Promise<Reply> {
  const { call, operation, ids, to } = routed;
  const { registry } = call.context;
  const receiver = to && !registry.isHub(to) ? await namedReceiver(routed) : undefined;
  const body = descriptor.body && (await bodyOf(call, descriptor));
  return relayRequest(call.context, {
    // the text where a response_url in it will be replaced
    relayed: relayedOf(routed, descriptor.result ? body?.text : body?.bytes),
    request: descriptor,
    body: body?.value,
    ids,
    type: call.query.get('type') ?? undefined,
    command: operation.path,
    receiver,
  });
}
