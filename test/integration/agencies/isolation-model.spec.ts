import fc from 'fast-check';
import { newId } from '../../../src/kernel/ids.js';
import { makeGenuine } from '../../support/application-records.js';
import { type Populated, startPopulated } from '../../support/populated.js';
import { type Act, ACTS, AgencyModel } from './agency-model.js';

function kindOf(act: Act): 'vacancies' | 'applications' | 'webhooks' {
  if (/webhook/.test(act)) return 'webhooks';
  return /vacanc|patch|publish|close|archive/.test(act) ? 'vacancies' : 'applications';
}

/** Two agencies at once, each with ids of both and of nobody; each must find the world as if it were alone. */
describe('two agencies', () => {
  let populated: Populated;
  let models: readonly [AgencyModel, AgencyModel];

  beforeAll(async () => {
    populated = await startPopulated();
    const { database } = populated.sceau;
    const [one, other] = populated.agencies;
    for (const { agencyId } of [one, other]) {
      const id = newId(Date.now());
      // One application more for each, for the vacancy that is still a draft; what it holds does not open, which is no matter here.
      await database.query(
        `INSERT INTO applications.application SELECT (r).* FROM (
           SELECT jsonb_populate_record(a, jsonb_build_object('id', $2::text, 'vacancy_id', v.id::text)) AS r
           FROM applications.application a JOIN vacancies.vacancy v USING (agency_id)
           WHERE agency_id = $1 AND a.status <> 'draft' AND v.status = 'draft') AS copy`,
        [agencyId, id],
      );
      await makeGenuine(populated.sceau, [id]);
    }
    models = [await AgencyModel.of(database, one, true), await AgencyModel.of(database, other, true)];
  }, 90_000);

  afterAll(() => populated.sceau.stop());

  const someones = (kind: 'vacancies' | 'applications' | 'webhooks'): readonly string[] => [
    ...models.flatMap((model) => [...model[kind].keys()]),
    newId(Date.now()),
  ];

  it('find what a world of their own would hold, whatever they ask for in whichever order', async () => {
    const step = fc.record({
      who: fc.constantFrom<0 | 1>(0, 1),
      act: fc.constantFrom(...ACTS),
      pick: fc.nat(),
    });
    const asked = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        for (const { who, act, pick } of steps) {
          const kind = kindOf(act);
          const choice = someones(kind);
          const id = choice[pick % choice.length] ?? '';
          const whose = models[who][kind].has(id)
            ? 'own'
            : models[1 - who]?.[kind].has(id)
              ? 'foreign'
              : 'no';
          asked.set(whose, (asked.get(whose) ?? 0) + 1);
          expect([whose, await models[who].does(act, id)]).toEqual([whose, []]);
        }
      }),
      { numRuns: 30, endOnFailure: true },
    );
    expect([...asked.keys()].toSorted()).toEqual(['foreign', 'no', 'own']);
  }, 120_000);
});
