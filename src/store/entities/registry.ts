import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: raised with every write that the memory of another process must learn of. */
@Entity('registry_version')
export class RegistryVersionEntity {
  @PrimaryColumn('boolean')
  one!: boolean;

  @Column('bigint')
  version!: string;
}

/** One row: something encrypted with SECRET_KEY, by which a wrong key is noticed at the start. */
@Entity('hub_key')
export class HubKeyEntity {
  @PrimaryColumn('boolean')
  one!: boolean;

  @Column('bytea')
  proof!: Buffer;
}

/** A deviation that a lenient partner's objects had, counted. */
@Entity('finding')
export class FindingEntity {
  @PrimaryColumn('uuid')
  partner_id!: string;

  @PrimaryColumn('text')
  module!: string;

  @PrimaryColumn('text')
  path!: string;

  @PrimaryColumn('text')
  rule!: string;

  @Column('bigint')
  count!: string;

  @Column('timestamptz')
  last_seen!: Date;

  @Column('text', { nullable: true })
  example_id!: string | null;
}
