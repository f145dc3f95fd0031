import { partyNamed } from '../../../domain/party';
import type { SharingRule } from '../../../domain/visibility';
import type { ConcernedParty } from '../../module';

/** Locations and tariffs: of a CPO, for all that drive or advise drivers. */
export const LOCATION_LIKE: SharingRule = {
  owners: ['CPO', 'NAP'],
  receivers: ['EMSP', 'NSP', 'NAP', 'OTHER'],
  concernsOne: false,
};

/** Sessions and CDRs: for the party whose token was used. */
export const SESSION_LIKE: SharingRule = {
  owners: ['CPO'],
  receivers: ['EMSP', 'OTHER', 'SCSP'],
  concernsOne: true,
};

/** Sessions and CDRs name that party in their cdr_token. */
export const CDR_TOKEN: ConcernedParty = { member: 'cdr_token', party: partyNamed };
