import type { AgencyActor, CandidateActor, RequestContext } from '../../../src/kernel/context.js';
import { type AgencyId, type CandidateId, newId } from '../../../src/kernel/ids.js';
import {
  type ApplicationDossier,
  type Dossier,
  defaultAllowance,
  Disclosure,
  type ReleasableField,
  type SealedField,
} from '../../../src/disclosure/index.js';
import { place, Sealer, SubjectKeys } from '../../../src/sealing/index.js';
import type { Sceau } from '../../support/sceau.js';

const MOTIVATION = place<string>()('applications_application.motivation');
const SNAPSHOT = place<object>()('applications_application.snapshot');
export const FROZEN = {
  givenName: 'Gwenaëlle',
  familyName: 'Kerbrat',
  email: 'gwenaelle.kerbrat@example.fr',
  address: { city: 'Quimper' },
};
const HOLDS: ReleasableField[] = ['givenName', 'familyName', 'email', 'address'];

export const fresh = <Kind extends string>() => newId<Kind>(Date.now());

export function agency(agencyId: AgencyId = fresh()): RequestContext<AgencyActor> {
  const actor = {
    kind: 'agency',
    agencyId,
    clientId: fresh<'client'>(),
    scopes: ['applications:read'],
  } as const;
  return { requestId: fresh(), actor, locale: 'fr', address: '127.0.0.1' };
}

export function owner(candidateId: CandidateId): RequestContext<CandidateActor> {
  const actor = {
    kind: 'candidate',
    candidateId,
    accountId: fresh<'account'>(),
    sessionId: fresh<'session'>(),
    sessionRevision: 1,
    limitedTo: null,
    secondFactorAt: new Date(),
  } as const;
  return { requestId: fresh(), actor, locale: 'fr', address: '127.0.0.1' };
}

/** Sealed applications straight before the door, and an agency's review of them. */
export class Dossiers {
  readonly #sceau: Sceau;

  constructor(sceau: Sceau) {
    this.#sceau = sceau;
  }

  async application(
    context: RequestContext<AgencyActor>,
    status: ApplicationDossier['status'] = 'submitted',
    anonymousReview = false,
  ): Promise<ApplicationDossier> {
    const candidate: CandidateId = fresh();
    const row = fresh<'application'>();
    const sealer = this.#sceau.app.get(Sealer, { strict: false });
    await this.#sceau.app.get(SubjectKeys, { strict: false }).create(candidate);
    const position = { subject: candidate, row };
    const motivation = await sealer.seal(MOTIVATION, position, 'Servir le public.');
    const snapshot = await sealer.seal(SNAPSHOT, position, FROZEN);
    return {
      candidate,
      application: row,
      agency: context.actor.agencyId,
      status,
      anonymousReview,
      content: [
        { holds: 'motivation', sealed: { name: 'motivation', place: MOTIVATION, row, value: motivation } },
        { holds: HOLDS, sealed: { name: 'snapshot', place: SNAPSHOT, row, value: snapshot } },
      ],
    };
  }

  review(context: RequestContext<AgencyActor>, ...dossiers: ApplicationDossier[]) {
    return this.#sceau.app
      .get(Disclosure, { strict: false })
      .toAgency(context, { purpose: 'review', dossiers, readAllowance: withOpen(0) });
  }
}

/** What an agency with so many open applications may be shown. */
export const withOpen = (applications: number) => () => Promise.resolve(defaultAllowance(applications));

/** The same dossier as its candidate's own. */
export const ownDossier = ({ candidate, content }: ApplicationDossier): Dossier => ({
  candidate,
  fields: content.map(({ sealed }): SealedField<unknown> => sealed),
});
