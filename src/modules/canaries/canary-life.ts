import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { newId, type VacancyId } from '../../kernel/ids.js';
import { OwnApplications, Submissions } from '../applications/index.js';
import { EDUCATION, Entries, EXPERIENCE, LANGUAGES, Profiles } from '../candidates/index.js';
import { UnattendedSignUp } from '../identity/index.js';
import type { CanaryPerson } from './planting.js';

/** How often it is looked whether the worker has made the account, and how long. */
const LOOK_MS = 1_000;
const MOST_LOOKS = 900;

/** How a life passes: between two steps, and while the worker has something to do. */
export interface Pace {
  pause(): Promise<void>;
  wait(milliseconds: number): Promise<void>;
}

/** All that a candidate whom nobody is ever does: signs up, fills in a profile, applies, by the steps that anybody takes. */
@Injectable()
export class CanaryLife {
  readonly #signUp: UnattendedSignUp;
  readonly #profiles: Profiles;
  readonly #entries: Entries;
  readonly #applications: OwnApplications;
  readonly #submissions: Submissions;
  readonly #clock: Clock;

  constructor(
    signUp: UnattendedSignUp,
    profiles: Profiles,
    entries: Entries,
    applications: OwnApplications,
    submissions: Submissions,
    clock: Clock,
  ) {
    this.#signUp = signUp;
    this.#profiles = profiles;
    this.#entries = entries;
    this.#applications = applications;
    this.#submissions = submissions;
    this.#clock = clock;
  }

  /**
   * @throws Failure `conflict` for an address that is somebody's, `service_unavailable` when no worker makes the
   *   account, and what applying throws
   */
  async live(vacancyId: VacancyId, person: CanaryPerson, pace: Pace): Promise<void> {
    const token = await this.#comeIn(person, pace);
    const context = async (): Promise<RequestContext<CandidateActor>> => {
      const asking = this.#anybody(person);
      return { ...asking, actor: await this.#signUp.actor(asking, token) };
    };
    await pace.pause();
    await this.#profiles.replace(await context(), 0, person.profile);
    for (const entry of person.education) await this.#entries.add(await context(), EDUCATION, entry);
    await pace.pause();
    for (const entry of person.experience) await this.#entries.add(await context(), EXPERIENCE, entry);
    for (const entry of person.languages) await this.#entries.add(await context(), LANGUAGES, entry);
    await pace.pause();
    const { application: draft } = await this.#applications.create(await context(), vacancyId);
    await pace.pause();
    const { motivation, answers } = person;
    const saving = await context();
    const written = await this.#applications.change(saving, draft.id, draft.revision, {
      motivation,
      answers,
    });
    // As whoever has saved a draft is shown it.
    await this.#applications.open(saving, written);
    await this.#submissions.submit(await context(), draft.id, written.revision);
  }

  async #comeIn(person: CanaryPerson, pace: Pace): Promise<string> {
    await this.#signUp.ask(this.#anybody(person), person.email);
    await pace.pause();
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const token = await this.#signUp.goOn(
        () => this.#anybody(person),
        person.email,
        () => pace.pause(),
      );
      if (token !== undefined) return token;
      await pace.wait(LOOK_MS);
    }
    throw new Failure('service_unavailable', { privateDetail: 'no worker has made the account' });
  }

  #anybody({ address }: CanaryPerson): RequestContext {
    const requestId = newId<'request'>(this.#clock.now().getTime());
    return { actor: { kind: 'anonymous' }, locale: 'fr', address, requestId };
  }
}
