import { Instant, Text, Uuid, WholeNumber } from '../../../platform/http/fields.js';

/** That everything about the candidate is unreadable. */
export class ErasedDto {
  @Uuid({ description: 'To quote in questions: the erasure can be found by it, and nothing else' })
  readonly reference: string;

  @Instant({ example: '2026-11-30T10:00:00.000Z' })
  readonly erasedAt: string;

  @WholeNumber({ min: 0, max: 3_650, example: 7, description: 'Days for which backups of the keys persist' })
  readonly backupDays: number;

  @Instant({ example: '2026-12-07T10:00:00.000Z', description: 'When the last of them is gone' })
  readonly backupsUntil: string;

  @Text({
    max: 1_000,
    example:
      'Vos données sont effacées : plus personne ne peut les lire. Les sauvegardes des clés persistent encore 7 jours, chiffrées ; ensuite, aucune copie ne pourra plus être lue. Un dernier courriel vous le confirme.',
    description: 'The same in words, in the language of the request',
  })
  readonly message: string;
}
