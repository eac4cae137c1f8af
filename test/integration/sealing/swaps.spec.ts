import { type Id, parseId, type SubjectId } from '../../../src/kernel/ids.js';
import type { OperationalPlace, PersonalPlace, PlaceName, Position } from '../../../src/sealing/index.js';
import { asSealed, INSTALLATION, PLACES, Sealer } from '../../../src/sealing/index.js';
import { KeyStore } from '../../../src/sealing/keys/key-store.js';
import { Opener } from '../../../src/sealing/opening.js';
import { KeyProvider } from '../../../src/sealing/providers/key-provider.js';
import { type Populated, startPopulated } from '../../support/populated.js';

/** Where the values of a place stand: their column, and of each row the id and the subject it is bound to. */
interface Home {
  readonly table: string;
  readonly column: string;
  readonly row?: string;
  readonly subject: string;
}

const of = (table: string, subject: string, row = 'id') => ({ table, subject, row });
const ACCOUNT = of('identity.account', 'id');
const PROFILE = of('candidates.profile', 'candidate_id', 'candidate_id');
const APPLICATION = of('applications.application', 'candidate_id');
const installation = `'${INSTALLATION}'::uuid`;

/** A place that is missing here does not compile. */
const HOMES: Readonly<Record<PlaceName, Home>> = {
  'identity_account.email': { ...ACCOUNT, column: 'email' },
  'identity_account.role': { ...ACCOUNT, column: 'role' },
  'identity_account.password_hash': { ...ACCOUNT, column: 'password_hash' },
  'identity_account.totp_secret': { ...ACCOUNT, column: 'totp_secret' },
  'identity_account.recovery_codes': { ...ACCOUNT, column: 'recovery_codes' },
  'identity_passkey.credential': { ...of('identity.passkey', 'account_id'), column: 'credential' },
  'identity_federated_identity.identity': {
    ...of('identity.federated_identity', 'account_id'),
    column: 'identity',
  },
  'identity_session.origin': { ...of('identity.session', 'account_id'), column: 'origin' },
  'identity_registration_request.content': {
    ...of('identity.registration_request', installation),
    column: 'content',
  },
  'identity_pending_password.content': {
    ...of('identity.pending_password', 'account_id', 'account_id'),
    column: 'content',
  },
  'identity_pending_change.change': { ...of('identity.pending_change', 'account_id'), column: 'change' },
  'identity_request.content': { ...of('identity.request', installation), column: 'content' },
  'platform_outgoing_mail.message': { ...of('platform.outgoing_mail', 'account_id'), column: 'message' },
  'platform_idempotency.answer': {
    // account:<id> of the candidate who asked
    ...of('platform.idempotency', `split_part(actor, ':', 2)::uuid`),
    column: 'answer',
  },
  'agencies_client.metadata': { ...of('agencies.client', 'agency_id'), column: 'metadata' },
  'webhooks_endpoint.url': { ...of('webhooks.endpoint', 'agency_id'), column: 'url' },
  'webhooks_endpoint.secrets': { ...of('webhooks.endpoint', 'agency_id'), column: 'secrets' },
  'oauth_signing_key.jwk': { ...of('oauth.signing_key', installation, 'row_id'), column: 'jwk' },
  'oauth_record.payload': { ...of('oauth.record', installation), column: 'payload' },
  'candidates_profile.identity': { ...PROFILE, column: 'identity' },
  'candidates_profile.contact': { ...PROFILE, column: 'contact' },
  'candidates_profile.address': { ...PROFILE, column: 'address' },
  'candidates_profile.preferences': { ...PROFILE, column: 'preferences' },
  'candidates_profile.accommodations': { ...PROFILE, column: 'accommodations' },
  'candidates_diversity.answers': {
    ...of('candidates.diversity', 'candidate_id', 'candidate_id'),
    column: 'answers',
  },
  'candidates_education.entry': { ...of('candidates.education', 'candidate_id'), column: 'entry' },
  'candidates_experience.entry': { ...of('candidates.experience', 'candidate_id'), column: 'entry' },
  'candidates_language.entry': { ...of('candidates.language', 'candidate_id'), column: 'entry' },
  'documents_document.details': { ...of('documents.document', 'candidate_id'), column: 'details' },
  'documents_document.document_key': { ...of('documents.document', 'candidate_id'), column: 'document_key' },
  'applications_application.motivation': { ...APPLICATION, column: 'motivation' },
  'applications_application.answers': { ...APPLICATION, column: 'answers' },
  'applications_application.snapshot': { ...APPLICATION, column: 'snapshot' },
  'applications_application.decision_note': {
    ...of('applications.event', 'candidate_id'),
    column: 'decision',
  },
  'privacy_consent.decision': { ...of('privacy.consent', 'candidate_id'), column: 'decision' },
  'incidents_incident.details': { ...of('incidents.incident', installation), column: 'details' },
  'incidents_notice.told': { ...of('incidents.notice', 'candidate_id'), column: 'told' },
  'canaries_planting.content': { ...of('canaries.planting', installation), column: 'content' },
};
const NAMES = Object.keys(HOMES).filter((name): name is PlaceName => name in HOMES);
/** The installation has one; every other place has values of two rows, so that they can be exchanged. */
const ALONE: PlaceName = 'oauth_signing_key.jwk';

interface Value {
  readonly place: PlaceName;
  readonly position: Position;
  readonly bytes: Buffer;
}

/** The values that the product itself has sealed, with two candidates and two agencies at work. */
describe('sealed values exchanged between rows, columns and subjects', () => {
  let populated: Populated;
  let values: readonly Value[];

  beforeAll(async () => {
    populated = await startPopulated();
    values = (await Promise.all(NAMES.map(valuesOf))).flat();
  }, 90_000);

  afterAll(() => populated.sceau.stop());

  const get = <T>(type: abstract new (...given: never[]) => T): T =>
    populated.sceau.app.get<T>(type, { strict: false });

  async function valuesOf(place: PlaceName): Promise<Value[]> {
    const { table, column, row = 'id', subject } = HOMES[place];
    const found = await populated.sceau.database.query<{ row: string; subject: string; bytes: Buffer }>(
      `SELECT ${row}::text AS row, (${subject})::text AS subject, ${column} AS bytes FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    return found.map((one) => ({
      place,
      position: { subject: subjectId(one.subject), row: one.row },
      bytes: one.bytes,
    }));
  }

  function subjectId(text: string): SubjectId {
    const id = parseId<Id<'subject'>>(text);
    if (id === undefined) throw new Error(`${text} is nobody.`);
    return id;
  }

  /** Which of these open as what stands at the given place and position. */
  async function opens(tries: readonly Value[]): Promise<boolean[]> {
    const results = await get(Opener).openMany(
      tries.map(({ place, position, bytes }) => {
        // Whatever its kind: that an operational value opens elsewhere would be as bad.
        const personal: PersonalPlace<unknown> = { name: place, kind: 'personal' };
        return { place: personal, position, sealed: asSealed<unknown>(bytes) };
      }),
    );
    return results.map(({ ok }) => ok);
  }

  it('are there for every place of the registry, of more than one row', () => {
    const missing = NAMES.filter((name) => {
      const rows = new Set(values.filter(({ place }) => place === name).map(({ position }) => position.row));
      return rows.size < (name === ALONE ? 1 : 2);
    });
    // Let startPopulated() do what fills these.
    expect(missing).toEqual([]);
    expect(NAMES).toEqual(Object.keys(PLACES));
  });

  it('open each where it stands, and nowhere else where a value stands', async () => {
    const tries = values.flatMap((target) => values.map((value) => ({ target, value })));
    const results = await opens(tries.map(({ target, value }) => ({ ...target, bytes: value.bytes })));
    const wrong = tries.filter(({ target, value }, index) => results[index] !== (target === value));
    expect(
      wrong.map(({ target, value }) =>
        target === value ? `${value.place} does not open` : `${value.place} opens as ${target.place}`,
      ),
    ).toEqual([]);
  });

  it('open in no other column of their own row', async () => {
    const tries = values.flatMap((value) =>
      NAMES.filter((place) => place !== value.place).map((place) => ({ ...value, place })),
    );
    expect(tries).toHaveLength(values.length * (NAMES.length - 1));
    expect((await opens(tries)).filter(Boolean)).toEqual([]);
  });

  it('are refused by the machinery too, where it opens for itself', async () => {
    const operational = values.filter(({ place }) => PLACES[place] === 'operational');
    expect(new Set(operational.map(({ place }) => place)).size).toBe(
      Object.values(PLACES).filter((kind) => kind === 'operational').length,
    );
    const elsewhere = values.find(({ place }) => place === 'candidates_profile.identity');
    if (elsewhere === undefined) throw new Error('There is no profile.');
    for (const { place, position, bytes } of operational) {
      const at: OperationalPlace<unknown> = { name: place, kind: 'operational' };
      const open = (where: Position) => get(Sealer).openOperational(at, where, asSealed<unknown>(bytes));
      await expect(open(position)).resolves.toBeDefined();
      const failure = { code: 'sealed_value_unreadable' };
      await expect(open({ ...position, row: elsewhere.position.row.toUpperCase() })).rejects.toMatchObject(
        failure,
      );
      await expect(
        open({ ...position, subject: populated.agencies[0].agencyId, row: '' }),
      ).rejects.toMatchObject(failure);
    }
  });

  it('do not open as if they were of another version of their key, even if that is the same key', async () => {
    const subjects = [...new Set(values.map(({ position }) => position.subject))];
    await Promise.all(subjects.map(repeatKeyAsVersionTwo));
    const renamed = values.map((value) => {
      const bytes = Buffer.from(value.bytes);
      expect(bytes.readUInt32BE(2)).toBe(1);
      bytes.writeUInt32BE(2, 2);
      return { ...value, bytes };
    });
    expect((await opens(renamed)).filter(Boolean)).toEqual([]);
    expect((await opens(values)).filter((isOpen) => !isOpen)).toEqual([]);
  });

  /** The same data key once more, wrapped as version 2. */
  async function repeatKeyAsVersionTwo(subject: SubjectId): Promise<void> {
    const stored = (await get(KeyStore).subjectKeys([subject])).find(({ version }) => version === 1);
    if (stored === undefined) throw new Error('The subject has no key.');
    const provider = get(KeyProvider);
    const context = { purpose: 'subject-key', owner: subject, version: 1 } as const;
    const [first] = await provider.unwrapMany([{ ...stored, context }]);
    if (first?.ok !== true) throw new Error('The key does not unwrap.');
    const [second] = await provider.wrapMany([{ key: first.key, context: { ...context, version: 2 } }]);
    if (second === undefined) throw new Error('The key does not wrap.');
    expect(await get(KeyStore).addSubjectKey(subject, 2, second, new Date())).toBe(true);
  }
});
