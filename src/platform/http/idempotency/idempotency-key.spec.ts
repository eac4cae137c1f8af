import { LONGEST_KEY, parseIdempotencyKey } from './idempotency-key.js';

const UUID = '8e03978e-40d5-43dd-bc93-6894a57f9324';
const longest = 'k'.repeat(LONGEST_KEY);

describe('Idempotency-Key', () => {
  it.each([
    [`"${UUID}"`, UUID],
    [UUID, UUID],
    ['"with a space, and a comma"', 'with a space, and a comma'],
    [String.raw`"a \"quoted\" word"`, 'a "quoted" word'],
    [String.raw`"back\\slash"`, String.raw`back\slash`],
    ['k', 'k'],
    ['" "', ' '],
    ['a=b:c/d?e', 'a=b:c/d?e'],
    [longest, longest],
    [`"${longest}"`, longest],
    // Escapes do not count.
    [`"${String.raw`\\`.repeat(LONGEST_KEY)}"`, '\\'.repeat(LONGEST_KEY)],
  ])('%s is a key', (header, key) => {
    expect(parseIdempotencyKey(header)).toBe(key);
  });

  it.each([
    ['nothing', ''],
    ['an empty string', '""'],
    ['one quote', '"'],
    ['no quote at the end', `"${UUID}`],
    ['no quote at the beginning', `${UUID}"`],
    ['single quotes around a space', "'a b'"],
    ['a quote within', '"a"b"'],
    ['a quote within a word', 'a"b'],
    ['an escape of nothing', String.raw`"a\"`],
    ['an escape of something else', String.raw`"a\n"`],
    ['a backslash in a word', String.raw`a\b`],
    ['two words', 'a b'],
    ['two keys', `${UUID},${UUID}`],
    ['two headers', `${UUID}, ${UUID}`],
    ['two strings', '"a", "b"'],
    ['a parameter', '"a";q=1'],
    ['a parameter of a word', 'a;q=1'],
    ['a list', '("a" "b")'],
    ['bytes', ':aGVsbG8=: x'],
    ['a letter beyond ASCII', '"é"'],
    ['a letter beyond ASCII in a word', 'clé'],
    ['a tab', '"a\tb"'],
    ['a line break', '"a\r\nb"'],
    ['a zero', '"a\0b"'],
    ['DEL', '"a\u007fb"'],
    ['one character too many', `${longest}k`],
    ['one character too many in quotes', `"${longest}k"`],
  ])('%s is none', (_, header) => {
    expect(parseIdempotencyKey(header)).toBeUndefined();
  });
});
