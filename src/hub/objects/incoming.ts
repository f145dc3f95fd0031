import type { Party } from '../../domain/party';
import type { Partner } from '../../domain/partner';
import type { OwnedModuleDescriptor } from '../../ocpi/module';

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
  /** It was relayed and accepted: kept for the two alone, pushed to nobody (HUB-SEMANTICS 31). */
  relayed?: {
    receiver: Party;
    /** Where the receiver has the CDR. */
    location_url: string | null;
  };
}
