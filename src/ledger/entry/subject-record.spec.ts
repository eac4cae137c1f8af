import fc from 'fast-check';
import { leafHash, rootOf } from '../merkle/index.js';
import { encodeRecord, encodeSubjects, splitRecords } from './subject-record.js';

const word = fc.oneof(fc.uuid(), fc.string({ unit: 'binary' }));

describe('subject records', () => {
  it('of one request are the bytes of each alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }), { minLength: 1, maxLength: 3 }),
        fc.array(
          fc.record(
            { nonce: word, subject: word, application: fc.option(word, { nil: undefined }), list: fc.nat() },
            { requiredKeys: ['nonce', 'subject', 'list'] },
          ),
          { maxLength: 8 },
        ),
        (lists, drafts) => {
          const records = drafts.map(({ list, ...rest }) => ({
            application: undefined,
            ...rest,
            fields: lists[list % lists.length] ?? [],
          }));
          const { count, bytes, root } = encodeSubjects(records);
          expect(splitRecords(bytes)).toEqual(records.map(encodeRecord));
          expect([count, root]).toEqual([records.length, rootOf(records.map(encodeRecord).map(leafHash))]);
        },
      ),
    );
  });
});
