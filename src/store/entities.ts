import type { DataSourceOptions } from 'typeorm';
import { CallbackEntity, KnownRouteEntity } from './entities/callbacks';
import {
  ChangeEntity,
  CdrDeliveryEntity,
  FailedDeliveryEntity,
  LeaseEntity,
  PositionEntity,
  UpkeepEntity,
  WorkerEntity,
} from './entities/feed';
import {
  EvseEntity,
  HeadEntity,
  HeadStateEntity,
  ObjectCountEntity,
  ObjectTextEntity,
} from './entities/objects';
import { CredentialsTokenEntity, PartnerEntity } from './entities/partner';
import { PartyEntity } from './entities/party';
import { FindingEntity, HubKeyEntity, RegistryVersionEntity } from './entities/registry';

/** The tables as TypeORM sees them; hot paths use plain SQL through the same data source. */
export const entities: NonNullable<DataSourceOptions['entities']> = [
  PartnerEntity,
  CredentialsTokenEntity,
  PartyEntity,
  RegistryVersionEntity,
  HubKeyEntity,
  FindingEntity,
  HeadEntity,
  HeadStateEntity,
  ObjectTextEntity,
  EvseEntity,
  ObjectCountEntity,
  ChangeEntity,
  PositionEntity,
  WorkerEntity,
  LeaseEntity,
  UpkeepEntity,
  FailedDeliveryEntity,
  CdrDeliveryEntity,
  CallbackEntity,
  KnownRouteEntity,
];
