import type { VacancyStatus } from './vacancy.js';

export type VacancyMove = 'publish' | 'close' | 'archive';

/** From where each move leads where. What is not here is refused. */
const MOVES: Readonly<Record<VacancyMove, Partial<Readonly<Record<VacancyStatus, VacancyStatus>>>>> = {
  publish: { draft: 'published', closed: 'published' },
  close: { published: 'closed' },
  archive: { draft: 'archived', published: 'archived', closed: 'archived' },
};

/** @returns the status after the move, or `undefined` when it is not allowed */
export function afterMove(status: VacancyStatus, move: VacancyMove): VacancyStatus | undefined {
  return MOVES[move][status];
}
