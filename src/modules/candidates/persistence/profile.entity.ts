import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CandidateId } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { Address, Contact, Identity, Preferences } from '../profile/profile.js';

@Entity({ schema: 'candidates', name: 'profile' })
export class ProfileEntity {
  @PrimaryColumn('uuid', { name: 'candidate_id' })
  candidateId: CandidateId;

  @Column('bytea', { nullable: true })
  identity: Sealed<Identity> | null;

  @Column('bytea', { nullable: true })
  contact: Sealed<Contact> | null;

  @Column('bytea', { nullable: true })
  address: Sealed<Address> | null;

  @Column('bytea', { nullable: true })
  preferences: Sealed<Preferences> | null;

  @Column('bytea', { nullable: true })
  accommodations: Sealed<string> | null;

  /** 0: nothing has been said yet. */
  @Column('integer')
  revision: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
