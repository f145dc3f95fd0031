import type { Party } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import type { OwnedModuleDescriptor } from '../../ocpi/module';

/*
 * Objects come in three ways: a partner pushes them, the sync worker pulls them, or a relay was accepted and is
 * kept. All three make an `Incoming`, and all take the same steps: validate it under the partner's policy, decide
 * what it makes of the stored object (decide-location, decide-flat: pure), and write that decision in one
 * transaction.
 */

/** An owned object on its way into the store: by a push, by a pull, or by a relay that is kept. */
export interface Incoming {
  module: OwnedModuleDescriptor;
  method: 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  partner: Partner;
  owner: Party;
  /** URL segments below the owner: the object's id, and of a location EVSE uid and connector id. */
  ids: readonly string[];
  /** `?type=`, of a module that has it. */
  type: string | undefined;
  body: { text: string; value: unknown };
  correlation_id: string;
  /** It was pulled: a state of some seconds ago, which must not undo what was pushed since. */
  pulled?: true;
  /** It was relayed and accepted: kept for the two alone, pushed to nobody (semantics 31). */
  relayed?: {
    receiver: Party;
    /** Where the receiver has the CDR. */
    location_url: string | null;
  };
}
