import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { Broadcast, Endpoint, Partner, TokenEncoding, Validation } from '../../domain/partner';

/** A platform: one OCPI connection. */
@Entity('partner')
export class PartnerEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text', { default: 'PENDING' })
  status!: Partner['status'];

  @Column('boolean', { default: false })
  suspended!: boolean;

  @Column('text', { default: 'strict' })
  validation!: Validation;

  @Column('text', { default: 'base64' })
  token_encoding!: TokenEncoding;

  @Column('text', { default: 'party' })
  broadcast!: Broadcast;

  @Column('boolean', { default: false })
  authorize_unknown_tokens!: boolean;

  @Column('text', { nullable: true })
  versions_url!: string | null;

  @Column('text', { nullable: true })
  version!: string | null;

  @Column('jsonb', { default: [] })
  endpoints!: Endpoint[];

  /** The token that the hub sends to it, encrypted. */
  @Column('bytea', { nullable: true, select: false })
  their_token!: Buffer | null;

  /** Number of its handshakes: one that began before another ended must not overwrite it. */
  @Column('integer', { default: 0 })
  registration!: number;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  registered_at!: Date | null;
}

/** A credentials token that the hub issued, as its SHA-256. */
@Entity('credentials_token')
export class CredentialsTokenEntity {
  @PrimaryColumn('bytea')
  hash!: Buffer;

  @Column('uuid')
  partner_id!: string;

  @Column('text')
  kind!: 'A' | 'B' | 'C' | 'SUPERSEDED';

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  first_used_at!: Date | null;
}
