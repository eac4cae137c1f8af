import type { Id } from '../../../kernel/ids.js';

export type PasskeyId = Id<'passkey'>;
