import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A URL of the hub that leads to a partner's own; its id is stored as a hash alone. */
@Entity('callback')
export class ProxiedUrlEntity {
  @PrimaryColumn('bytea')
  hash!: Buffer;

  @Column('text')
  kind!: string;

  @Column('uuid')
  partner_id!: string;

  @Column('uuid')
  target_partner!: string;

  @Column('integer')
  from_party!: number;

  @Column('integer')
  to_party!: number;

  @Column('text')
  url!: string;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;
}

/** The one that a later request is for, learnt from an earlier one. */
@Entity('known_route')
export class KnownRouteEntity {
  @PrimaryColumn('text')
  kind!: string;

  @PrimaryColumn('integer')
  party!: number;

  @PrimaryColumn('text')
  subject!: string;

  @PrimaryColumn('integer')
  receiver!: number;

  @Column('timestamptz')
  expires_at!: Date;
}
