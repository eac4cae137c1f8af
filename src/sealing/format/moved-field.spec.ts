import { createSecretKey } from 'node:crypto';
import { newId } from '../../kernel/ids.js';
import { PLACES, type PlaceName } from '../places.js';
import type { Position } from './binding.js';
import { openField, sealField } from './sealed-field.js';

const NAMES = Object.keys(PLACES).filter((name): name is PlaceName => name in PLACES);
const TEXT = Buffer.from('"12 bis quai de la Douane"');
const VERSION = 3;
const REFUSED = 'unable to authenticate';

/** One key for everything, so that nothing but the binding keeps a value where it was sealed. */
const key = createSecretKey(Buffer.alloc(32, 7));
const id = () => newId<'agency'>(Date.UTC(2026, 10, 24));
const [subject, other] = [id(), id()];

function underVersion(sealed: Buffer, version: number): Buffer {
  const changed = Buffer.from(sealed);
  changed.writeUInt32BE(version, 2);
  return changed;
}

describe.each(NAMES)('a value sealed as %s', (name) => {
  const at: Position = { subject, row: id() };
  const sealed = sealField({ key, version: VERSION }, Buffer.alloc(12, 3), name, at, TEXT);
  const opening =
    (place: PlaceName, position: Position, bytes = sealed) =>
    () =>
      openField(key, place, position, bytes);

  it('opens where it was sealed', () => {
    expect(opening(name, at)()).toEqual(TEXT);
  });

  it('does not open in any other column', () => {
    const others = NAMES.filter((place) => place !== name);
    expect(others).toHaveLength(NAMES.length - 1);
    for (const place of others) expect(opening(place, at)).toThrow(REFUSED);
  });

  const elsewhere: readonly (readonly [string, Position])[] = [
    ['in another row', { ...at, row: id() }],
    ["in a row that has the subject's id", { ...at, row: subject }],
    ['for another subject', { ...at, subject: other }],
    ['for another subject in a row of theirs', { subject: other, row: other }],
  ];

  it.each(elsewhere)('does not open %s', (_, position) => {
    expect(opening(name, position)).toThrow(REFUSED);
  });

  it.each([VERSION - 1, VERSION + 1, 0, 0xff_ff_ff_ff])('does not open as if under version %d', (version) => {
    expect(opening(name, at, underVersion(sealed, version))).toThrow(REFUSED);
  });
});
