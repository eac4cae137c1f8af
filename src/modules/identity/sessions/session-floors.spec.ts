import fc from 'fast-check';
import { newId, type SessionId } from '../../../kernel/ids.js';
import { isCurrent, nextEpoch, withFloor, withoutSession } from './session-floors.js';

const NOW = Date.UTC(2026, 10, 25, 9);
const LONG_AGO = new Date(0);
const NEW = { credentialEpoch: 0, sessionFloors: [] };

const session = (id: SessionId, revision = 1, credentialEpoch = 0) => ({ id, revision, credentialEpoch });

describe('which sessions an account’s record lets count', () => {
  const [one, other] = [newId<'session'>(NOW), newId<'session'>(NOW + 1)];

  it('lets every session of the present epoch count', () => {
    expect(isCurrent(NEW, session(one))).toBe(true);
    expect(isCurrent(nextEpoch(NEW), session(one))).toBe(false);
    expect(isCurrent(nextEpoch(NEW), session(one, 1, 1))).toBe(true);
    expect(isCurrent(NEW, session(one, 1, 1))).toBe(false);
  });

  it('lets no revision of an ended one count, and the others as before', () => {
    const account = withoutSession(NEW, one, LONG_AGO);
    for (const revision of [1, 2, 1_000_000]) expect(isCurrent(account, session(one, revision))).toBe(false);
    expect(isCurrent(account, session(other))).toBe(true);
  });

  it('lets the newest token of a renewed one count', () => {
    const account = withFloor(withFloor(NEW, one, 2, LONG_AGO), one, 3, LONG_AGO);
    expect([1, 2, 3, 4].map((revision) => isCurrent(account, session(one, revision)))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(account.sessionFloors).toHaveLength(1);
  });

  it('forgets those that have run out by themselves', () => {
    const account = withoutSession(withoutSession(NEW, one, LONG_AGO), other, new Date(NOW + 1));
    expect(account.sessionFloors).toEqual([expect.stringMatching(`^${other}:`)]);
  });

  it('never lets an ended one count again, whatever ends after it, and stays short', () => {
    const changes = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 99 }), revision: fc.option(fc.integer({ min: 2, max: 9 })) }),
      { maxLength: 300 },
    );
    const ids = Array.from({ length: 100 }, (_, at) => newId<'session'>(NOW + at));
    fc.assert(
      fc.property(changes, (list) => {
        let account = withoutSession(NEW, one, LONG_AGO);
        for (const { at, revision } of list) {
          const id = ids[at] ?? other;
          account =
            revision === null
              ? withoutSession(account, id, LONG_AGO)
              : withFloor(account, id, revision, LONG_AGO);
        }
        expect(isCurrent(account, session(one))).toBe(false);
        expect(account.sessionFloors.length).toBeLessThanOrEqual(64);
      }),
    );
  });
});
