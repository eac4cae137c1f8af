import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '../../../sealing/index.js';
import type { Planting, PlantingId } from '../planting.js';

@Entity({ schema: 'canaries', name: 'planting' })
export class PlantingEntity {
  @PrimaryColumn('uuid')
  id: PlantingId;

  @Column('bytea')
  content: Sealed<Planting>;

  @Column('integer')
  attempt: number;

  @Column('timestamptz', { name: 'held_until', nullable: true })
  heldUntil: Date | null;
}
