import { CONNECTION_STATES, ROLES } from '../../../domain/party';
import { Field } from '../../check/field';
import * as t from '../types/scalars';

/* mod_hub_client_info, Object description. */

export class ClientInfo {
  @Field(t.partyId, '1') party_id!: unknown;
  @Field(t.countryCode, '1') country_code!: unknown;
  @Field(t.oneOf(ROLES), '1') role!: unknown;
  @Field(t.oneOf(CONNECTION_STATES), '1') status!: unknown;
  @Field(t.dateTime, '1') last_updated!: unknown;
}
