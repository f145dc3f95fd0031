import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** The head of an owned object: what it is and whose. */
@Entity('head')
export class HeadEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('integer')
  owner!: number;

  @Column('integer', { nullable: true })
  counterpart!: number | null;

  @Column('smallint')
  module!: number;

  @Column('boolean', { default: false })
  deleted!: boolean;

  @Column('text')
  key!: string;

  @Column('text')
  sent_id!: string;
}

/** What each write changes of a head: its version is the unit of change. */
@Entity('head_state')
export class HeadStateEntity {
  @PrimaryColumn('bigint')
  head_id!: string;

  @Column('bigint')
  version!: string;

  @Column('timestamptz')
  last_updated!: Date;

  @Column('integer')
  owner!: number;

  @Column('integer', { nullable: true })
  counterpart!: number | null;

  @Column('smallint')
  module!: number;

  @Column('text')
  own_last_updated!: string;

  @Column('text')
  shown_last_updated!: string;
}

/** The text of an object beside its head; a location's has neither its EVSEs nor last_updated. */
@Entity('object_text')
export class ObjectTextEntity {
  @PrimaryColumn('bigint')
  head_id!: string;

  @Column('text')
  text!: string;
}

/** An EVSE: a row of its own. */
@Entity('evse')
export class EvseEntity {
  @PrimaryColumn('bigint')
  head_id!: string;

  @PrimaryColumn('text')
  key!: string;

  @Column('integer')
  place!: number;

  @Column('text')
  text!: string;
}

/** How many objects there are per module, owner and counterpart: what X-Total-Count is summed from. */
@Entity('object_count')
export class ObjectCountEntity {
  @PrimaryColumn('smallint')
  module!: number;

  @PrimaryColumn('integer')
  owner!: number;

  @PrimaryColumn('integer')
  counterpart!: number;

  @Column('bigint')
  count!: string;
}
