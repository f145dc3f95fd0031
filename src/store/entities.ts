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
import { CdrLinkEntity, GapProgressEntity, SessionEndEntity } from './entities/gaps';
import {
  EvseEntity,
  HeadEntity,
  HeadStateEntity,
  ObjectCountEntity,
  ObjectTextEntity,
} from './entities/objects';
import { CredentialsTokenEntity, PartnerEntity } from './entities/partner';
import { PartyEntity } from './entities/party';
import { PullGoneEntity, PullPageEntity, PullStateEntity } from './entities/pull';
import { FindingEntity, HubKeyEntity, RegistryVersionEntity } from './entities/registry';
import { DriftReportEntity, PushSuccessEntity } from './entities/sync-report';

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
  PullStateEntity,
  PullPageEntity,
  PullGoneEntity,
  PushSuccessEntity,
  DriftReportEntity,
  SessionEndEntity,
  CdrLinkEntity,
  GapProgressEntity,
];
