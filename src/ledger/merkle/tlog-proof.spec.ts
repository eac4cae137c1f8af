import fc from 'fast-check';
import { formatProof, parseProof } from './tlog-proof.js';

const CHECKPOINT = 'sceau.example/audit/1\n3\nAAAA\n\n\u2014 sceau.example/audit/1 c2ln\n';
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));

describe('a proof as text', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(hash, { maxLength: 40 }), (index, hashes) => {
        const proof = { index, hashes, checkpoint: CHECKPOINT };
        expect(parseProof(formatProof(proof))).toEqual(proof);
      }),
    );
  });

  it('may carry extra data, which is not read', () => {
    const [header, ...rest] = formatProof({ index: 2, hashes: [], checkpoint: CHECKPOINT }).split('\n');
    expect(parseProof([header, 'extra aGk=', ...rest].join('\n'))).toMatchObject({ index: 2 });
  });

  const lines = formatProof({ index: 2, hashes: [Buffer.alloc(32)], checkpoint: CHECKPOINT });
  it.each([
    ['empty', ''],
    ['without a checkpoint', lines.slice(0, lines.indexOf('\n\n'))],
    ['of another version', lines.replace('@v1', '@v2')],
    ['without an index', lines.replace('index 2\n', '')],
    ['with a negative index', lines.replace('index 2', 'index -2')],
    ['with a padded index', lines.replace('index 2', 'index 02')],
    ['with an index beyond exact numbers', lines.replace('index 2', 'index 9999999999999999')],
    ['with a short hash', lines.replace('AAAAAAAA', '')],
    ['with a hash that is no base64', lines.replace('AAAA', '????')],
  ])('is refused when %s', (_, text) => {
    expect(parseProof(text)).toBeUndefined();
  });
});
