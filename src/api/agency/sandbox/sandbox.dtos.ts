import type { CandidateMove } from '../../../modules/applications/index.js';
import { OneOf } from '../../../platform/http/fields.js';

const MOVES = ['accepted', 'declined', 'withdrawn'] as const satisfies readonly CandidateMove[];

export class CandidateTransitionDto {
  @OneOf(MOVES, { example: 'accepted' })
  readonly to: CandidateMove;
}
