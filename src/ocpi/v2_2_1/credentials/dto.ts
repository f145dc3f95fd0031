import { ROLES } from '../../../domain/party';
import { Field, nested } from '../../check/field';
import { BusinessDetails } from '../types/classes';
import * as t from '../types/scalars';

/* credentials and version_information_endpoint. */

export class CredentialsRole {
  @Field(t.oneOf(ROLES), '1') role!: unknown;
  @Field(nested(() => BusinessDetails), '1') business_details!: unknown;
  @Field(t.partyId, '1') party_id!: unknown;
  @Field(t.countryCode, '1') country_code!: unknown;
}

export class Credentials {
  @Field(t.pattern(/^[\x21-\x7e]{1,64}$/, 'of 1 to 64 printable ASCII characters without spaces'), '1')
  token!: unknown;
  @Field(t.url, '1') url!: unknown;
  @Field(nested(() => CredentialsRole), '+') roles!: unknown;
}

export class Version {
  @Field(t.string(64), '1') version!: unknown;
  @Field(t.url, '1') url!: unknown;
}

export class Endpoint {
  @Field(t.string(255), '1') identifier!: unknown;
  @Field(t.oneOf(['SENDER', 'RECEIVER']), '1') role!: unknown;
  @Field(t.url, '1') url!: unknown;
}

export class VersionDetails {
  @Field(t.string(64), '1') version!: unknown;
  @Field(nested(() => Endpoint), '+') endpoints!: unknown;
}
