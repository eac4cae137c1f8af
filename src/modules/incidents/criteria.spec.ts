import { Failure } from '../../kernel/errors.js';
import { OriginHasher } from '../../ledger/index.js';
import { type Criteria, filterOf, readCriteria } from './criteria.js';

const ID = '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b';
const HASH = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';

class ReadableHashes extends OriginHasher {
  override hash(text: string): Promise<string> {
    return Promise.resolve(`hash of ${text}`);
  }
}
const hasher = new ReadableHashes();

function pointersOf(criteria: Criteria): readonly string[] {
  try {
    readCriteria(criteria);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.fields.length === 0 ? ['whole'] : error.fields.map(({ pointer }) => pointer);
  }
}

describe('the criteria of an incident', () => {
  it('are taken in any mix', () => {
    const all = { client: ID, agency: ID, session: ID, key: HASH, origin: '192.0.2.1', actor: 'demo' };
    const window = { from: '2026-11-30T08:00:00Z', to: '2026-11-30T09:00:00+00:30' };
    expect(readCriteria({ ...all, ...window })).toEqual({ ...all, ...window });
    for (const [name, value] of Object.entries({ ...all, ...window }))
      expect(readCriteria({ [name]: value })).toEqual({ [name]: value });
  });

  it.each<[string, Criteria, readonly string[]]>([
    ['none at all', {}, ['whole']],
    [
      'ids that are none',
      { client: 'x', agency: ID.toUpperCase(), session: '' },
      ['/client', '/agency', '/session'],
    ],
    ['a key in another form', { key: `${HASH}=` }, ['/key']],
    ['an actor with a space', { actor: 'a b' }, ['/actor']],
    ['a host name', { origin: 'exemple.fr' }, ['/origin']],
    ['a network that the ledger does not tell apart', { origin: '192.0.2.0/25' }, ['/origin']],
    ['an address with a zone', { origin: 'fe80::1%eth0' }, ['/origin']],
    ['a date without a time', { from: '2026-11-30' }, ['/from']],
    ['no such date', { to: '2026-13-30T08:00:00Z' }, ['/to']],
    ['no such day', { from: '2026-02-30T00:00:00Z' }, ['/from']],
    ['a span that is empty', { from: '2026-11-30T08:00:00Z', to: '2026-11-30T08:00:00Z' }, ['/to']],
  ])('are refused where they name %s', (_, criteria, pointers) => {
    expect(pointersOf(criteria)).toEqual(pointers);
  });

  it.each([
    ['192.0.2.77', 'hash of address:192.0.2.77'],
    ['::ffff:192.0.2.77', 'hash of address:192.0.2.77'],
    ['2001:0DB8:5:0::1', 'hash of address:2001:db8:5::1'],
    ['192.0.2.77/24', 'hash of network:192.0.2.0/24'],
    ['2001:db8:5::/48', 'hash of network:2001:0db8:0005::/48'],
    [HASH, HASH],
  ])('find %s as the ledger has it', async (origin, found) => {
    expect(await filterOf({ origin }, null, hasher)).toEqual({ origin: found });
  });

  it('end when the incident ended, unless they say when', async () => {
    const closed = new Date('2026-11-30T12:00:00Z');
    expect(await filterOf({ client: ID }, closed, hasher)).toEqual({ client: ID, to: closed });
    const to = '2026-11-30T09:00:00Z';
    expect(await filterOf({ client: ID, to }, closed, hasher)).toEqual({ client: ID, to: new Date(to) });
    expect(await filterOf({ client: ID }, null, hasher)).toEqual({ client: ID });
  });
});
