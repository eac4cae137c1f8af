import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Id } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { QueuedRequest } from './places.js';

@Entity({ schema: 'identity', name: 'request' })
export class RequestEntity {
  @PrimaryColumn('uuid')
  id: Id<'identity-request'>;

  @Column('bytea')
  content: Sealed<QueuedRequest>;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
