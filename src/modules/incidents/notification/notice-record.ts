import type { SecurityRecord } from '../../../sealing/index.js';
import type { NoticeEntity } from '../persistence/notice.entity.js';

export const NOTICE_KIND = 'incidents_notice';

/** What the MAC of a row covers: all but `told`, which is sealed to the row and its candidate. */
export function noticeRecord({
  id,
  incidentId,
  candidateId,
  toldAt,
  revision,
  mailId,
  isFurther,
  isReached,
}: Omit<NoticeEntity, 'told' | 'mac'>): SecurityRecord {
  const text = (value: boolean | null): string | null => (value === null ? null : String(value));
  return {
    kind: NOTICE_KIND,
    id,
    revision,
    columns: [
      ['incident_id', incidentId],
      ['candidate_id', candidateId],
      // By the name that it had when the first were written.
      ['created_at', toldAt],
      // Of the first ones, nothing more was noted.
      ...(mailId === null && isReached === null
        ? []
        : ([
            ['mail_id', mailId],
            ['is_further', text(isFurther)],
            ['reached', text(isReached)],
          ] as const)),
    ],
  };
}
