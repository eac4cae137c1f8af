import type { Id } from '../../../kernel/ids.js';

export type RecoveryId = Id<'recovery'>;
