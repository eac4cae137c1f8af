import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Id } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { AskedRegistration } from './places.js';

@Entity({ schema: 'identity', name: 'registration_request' })
export class RegistrationRequestEntity {
  @PrimaryColumn('uuid')
  id: Id<'registration'>;

  @Column('bytea')
  content: Sealed<AskedRegistration>;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
