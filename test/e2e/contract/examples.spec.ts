import { glob, readFile } from 'node:fs/promises';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { AgencyClient } from '../../../tools/client/agency.ts';
import type { PersonClient } from '../../../tools/client/person.ts';
import { createAgency, signUpCandidate } from '../../support/actors.js';
import { exampleBodies } from '../../support/example-bodies.js';
import { signInStaff } from '../../support/staff.js';
import { type Sceau, startSceau } from '../../support/sceau.js';

/** Whoever pastes an example from the reference gets an answer about their data, not about its form. */
describe('examples of the contract', () => {
  let sceau: Sceau;
  let contract: OpenAPIObject;
  let candidate: PersonClient;
  let agency: AgencyClient;
  let operator: PersonClient;

  beforeAll(async () => {
    sceau = await startSceau();
    candidate = (await signUpCandidate(sceau)).client;
    agency = (await createAgency(sceau)).client;
    operator = await signInStaff(sceau, 'operator');
    contract = JSON.parse(JSON.stringify((await candidate.request('/openapi.json')).body));
  }, 60_000);

  afterAll(() => sceau.stop());

  it('are bodies that can be pasted', async () => {
    const bodies = exampleBodies(contract);
    expect(bodies.length).toBeGreaterThan(15);
    const wrong: string[] = [];
    for (const { method, path, body } of bodies) {
      const [, , audience] = path.split('/');
      const client = audience === 'agency' ? agency : audience === 'operator' ? operator : candidate;
      const resource = path.replace('{id}', '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b');
      const tag = (await client.request(resource)).headers.get('etag') ?? '"r1"';
      // As from our own pages, which is what a body that asks for a cookie has to come from.
      const ours = { 'sec-fetch-site': 'same-origin', 'x-requested-by': 'sceau' };
      const answer = await client.request(resource, { method, body, headers: { 'if-match': tag, ...ours } });
      if (![200, 201, 202, 204, 401, 404].includes(answer.status))
        wrong.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    expect(wrong).toEqual([]);
  });

  it('show the shapes that there are: no two have one name, under which one of them would be lost', async () => {
    const names: string[] = [];
    for await (const path of glob('src/{api,platform/http}/**/*.ts'))
      for (const [, name] of (await readFile(path, 'utf8')).matchAll(
        /^(?:export )?class (\w+(?:Dto|Body|Query))\b/gm,
      ))
        names.push(String(name));
    expect(names.length).toBeGreaterThan(80);
    expect(names.filter((name, at) => names.indexOf(name) < at)).toEqual([]);
  });
});
