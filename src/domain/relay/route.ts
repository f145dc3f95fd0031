import type { InterfaceRole } from '../partner';

/*
 * Relay or receive is decided first, from method, interface and headers, before a body is parsed or checked
 * (semantics 20 to 31). A total function over small enums: the test is its whole table.
 */

/** What a request does, as its module's descriptor says. */
export type Operation =
  /** GET of a Sender list. */
  | 'list'
  /** GET of one object. */
  | 'get'
  /** POST, PUT, PATCH or DELETE of an owned object on a Receiver interface. */
  | 'push'
  /** Commands, charging profiles, charging_preferences, authorize: answered by the one that is concerned. */
  | 'request';

/** Whom the TO headers name. */
export type To = 'nobody' | 'hub' | 'party';

export interface RouteQuestion {
  interface: InterfaceRole;
  operation: Operation;
  to: To;
  /** Sessions and CDRs: they concern one party, and are never broadcast. */
  concernsOne: boolean;
}

export type Outcome = 'relay' | 'relayAndKeep' | 'findReceiver' | 'receive' | 'list' | 'read';

function routePush(question: RouteQuestion): Outcome {
  if (question.to === 'hub') return 'receive';
  if (question.to === 'party') return question.concernsOne ? 'relayAndKeep' : 'relay';
  return question.concernsOne ? 'findReceiver' : 'receive';
}

function routeGet(question: RouteQuestion): Outcome {
  if (question.to === 'party') return 'relay';
  const open = question.to === 'nobody' && question.interface === 'SENDER';
  return open ? 'findReceiver' : 'read';
}

/** Where a request to a functional module goes. */
export function route(question: RouteQuestion): Outcome {
  switch (question.operation) {
    case 'list':
      return question.to === 'party' ? 'relay' : 'list';
    case 'get':
      return routeGet(question);
    case 'push':
      return routePush(question);
    case 'request':
      return question.to === 'party' ? 'relay' : 'findReceiver';
  }
}
