import { type AgencyId, type ApplicationId, type CandidateId, newId } from '../kernel/ids.js';
import { asSealed, place } from '../sealing/index.js';
import { type ApplicationDossier, Opened, type SealedField } from './dossier.js';
import { requireReleased } from './refusal.js';
import { decide, type Granted } from './release-decision.js';
import { RELEASABLE_FIELDS, type ReleasableField } from './release-policy.js';
import { released } from './released.js';

const row: ApplicationId = newId(0);
const motivation: SealedField<string> = {
  name: 'motivation',
  place: place<string>()('applications_application.motivation'),
  row,
  value: asSealed(Buffer.alloc(98)),
};
const snapshot: SealedField<object> = {
  name: 'snapshot',
  place: place<object>()('applications_application.snapshot'),
  row,
  value: asSealed(Buffer.alloc(98)),
};

const dossier: ApplicationDossier = {
  candidate: newId<'candidate'>(0) satisfies CandidateId,
  application: row,
  agency: newId<'agency'>(0) satisfies AgencyId,
  status: 'shortlisted',
  anonymousReview: false,
  content: [
    { holds: 'motivation', sealed: motivation },
    { holds: RELEASABLE_FIELDS.filter((field) => field !== 'motivation'), sealed: snapshot },
  ],
};

function granted(...wish: Parameters<typeof decide>): Granted {
  const decision = decide(...wish);
  if (decision.outcome === 'denied') throw new Error(decision.reason);
  return decision;
}

describe('the decision on one application', () => {
  it('grants what the policy releases', () => {
    const { fields } = granted('review', undefined, dossier);
    expect(fields).toEqual(expect.arrayContaining(['motivation', 'familyName']));
    expect(fields).not.toContain('email');
  });

  it('narrows to what is wanted and opens no more than that needs', () => {
    const { fields, content } = granted('interview', new Set<ReleasableField>(['motivation']), dossier);
    expect(fields).toEqual(['motivation']);
    expect(content.map(({ sealed }) => sealed.name)).toEqual(['motivation']);
  });

  it('refuses a wanted field that is not released rather than leaving it out', () => {
    expect(decide('review', new Set<ReleasableField>(['motivation', 'email']), dossier)).toMatchObject({
      outcome: 'denied',
      reason: 'field_not_released',
    });
  });

  it('refuses a purpose that the status does not allow', () => {
    expect(decide('offer', undefined, dossier)).toMatchObject({
      outcome: 'denied',
      reason: 'purpose_not_allowed',
    });
  });

  it('does not open what was never given', () => {
    const content = [{ holds: 'motivation', sealed: { ...motivation, value: null } }] as const;
    expect(granted('review', undefined, { ...dossier, content })).toMatchObject({ fields: [], content: [] });
  });
});

describe('what is released', () => {
  const frozen = { givenName: 'Camille', email: 'camille@example.fr', birthDate: '1994-07-14', secret: 'x' };

  it('is the granted fields alone, although the sealed object holds more', () => {
    const opened = new Opened(
      new Map<SealedField<unknown>, unknown>([
        [motivation, 'Je veux servir.'],
        [snapshot, frozen],
      ]),
      [],
    );
    expect(released(granted('review', undefined, dossier), opened)).toEqual({
      outcome: 'released',
      values: { motivation: 'Je veux servir.', givenName: 'Camille' },
      unreadable: [],
    });
    expect(released(granted('interview', undefined, dossier), opened).values).toEqual({
      motivation: 'Je veux servir.',
      givenName: 'Camille',
      email: 'camille@example.fr',
    });
  });

  it('names the fields of a value that does not open and serves the rest', () => {
    const opened = new Opened(new Map([[motivation, 'Je veux servir.']]), ['snapshot']);
    const wish = new Set<ReleasableField>(['motivation', 'givenName', 'familyName']);
    const release = released(granted('review', wish, dossier), opened);
    expect(release.values).toEqual({ motivation: 'Je veux servir.' });
    expect([...release.unreadable].toSorted()).toEqual(['familyName', 'givenName']);
  });

  it('is demanded with a clear refusal otherwise', () => {
    expect(() => requireReleased([{ outcome: 'refused', reason: 'purpose_not_allowed' }])).toThrow(
      expect.objectContaining({ code: 'disclosure_refused' }),
    );
    expect(requireReleased([{ outcome: 'released', values: {}, unreadable: [] }]).values).toEqual({});
  });
});
