import type { OpenAPIObject } from '@nestjs/swagger';
import { PersonClient } from '../../../tools/client/person.ts';
import { operationsOf } from '../../support/operations.js';
import { startFederated } from '../../support/federation.js';
import { actionsByRequest, Observer } from './recorded/observer.js';
import { ANYWHERE, ROUTES } from './recorded/routes.js';
import { walkEveryRoute } from './recorded/walk.js';
import { walkFederation } from './recorded/walk-federation.js';

const OAUTH = ['POST /oauth/token', 'POST /oauth/introspect', 'POST /oauth/revoke', 'GET /oauth/jwks'];
const TABLE = 'test/integration/audit/recorded/routes.ts';
const WALK = 'test/integration/audit/recorded/walk.ts';

interface Walked {
  readonly actions: Set<string>;
  succeeded: boolean;
  /** Whether something was done without any entry. */
  wasSilent: boolean;
}

describe('what the ledger records of every route', () => {
  let routes: readonly string[];
  const walked = new Map<string, Walked>();

  beforeAll(async () => {
    const federated = await startFederated();
    const { sceau } = federated;
    const observer = new Observer(sceau.url);
    await observer.during(async () => {
      // The last of the others closes the way in to this machine.
      await walkFederation(federated);
      await walkEveryRoute(sceau);
    });
    const { body } = await new PersonClient(sceau.url).request('/openapi.json');
    const contract: OpenAPIObject = JSON.parse(JSON.stringify(body));
    routes = [...operationsOf(contract).map(({ method, path }) => `${method} ${path}`), ...OAUTH];
    const recorded = await actionsByRequest(sceau);
    for (const { method, path, status, requestId } of observer.seen) {
      const route = routes.find((candidate) => isOf(candidate, method, path)) ?? `${method} ${path}`;
      const seen = walked.get(route) ?? { actions: new Set(), succeeded: false, wasSilent: false };
      walked.set(route, seen);
      seen.succeeded ||= status < 400;
      const actions = recorded.get(requestId);
      for (const action of actions ?? []) seen.actions.add(action);
      seen.wasSilent ||= status < 400 && actions === undefined;
    }
    await federated.stop();
  }, 120_000);

  function isOf(route: string, method: string, path: string): boolean {
    const [verb, template = ''] = route.split(' ');
    const pattern = template
      .split('/')
      .map((segment) =>
        segment === '{path}' ? '.+' : segment.startsWith('{') ? '[^/]+' : RegExp.escape(segment),
      );
    return verb === method && new RegExp(`^${pattern.join('/')}$`).test(path);
  }

  const isAnywhere = (action: string): boolean => ANYWHERE.some((known) => known === action);

  it('is written down for every route there is', () => {
    const missing = routes
      .filter((route) => !(route in ROUTES))
      .map((route) => `${route} has no row in ${TABLE}: say there what it records, or why nothing.`);
    const gone = Object.keys(ROUTES)
      .filter((route) => !routes.includes(route))
      .map((route) => `${route} is no route any more: remove its row from ${TABLE}.`);
    expect([...missing, ...gone]).toEqual([]);
  });

  it('was seen by asking every route', () => {
    const untried = routes
      .filter((route) => walked.get(route)?.succeeded !== true)
      .map((route) => `${route} was never asked with success: add it to ${WALK}.`);
    expect(untried).toEqual([]);
  });

  it('is what is written down, no less and no more', () => {
    const differences = Object.entries(ROUTES).flatMap(([route, row]) => {
      const expected: readonly string[] = row.kind === 'nothing' ? [] : row.actions;
      const seen = walked.get(route)?.actions ?? new Set<string>();
      const less = expected.filter((action) => !seen.has(action));
      const more = [...seen].filter((action) => !expected.includes(action) && !isAnywhere(action));
      return [
        ...less.map((action) => `${route} did not record ${action}, which ${TABLE} says it does.`),
        ...more.map((action) => `${route} recorded ${action}: review that and add it to ${TABLE}.`),
      ];
    });
    expect(differences).toEqual([]);
  });

  it('is something each time, not only once', () => {
    const silent = Object.entries(ROUTES)
      .filter(([route, { kind }]) => kind === 'actions' && walked.get(route)?.wasSilent === true)
      .map(([route]) => `${route} did its work once without any entry.`);
    expect(silent).toEqual([]);
  });

  it('includes what guards record wherever they stand', () => {
    const seen = new Set([...walked.values()].flatMap(({ actions }) => [...actions]));
    expect(ANYWHERE.filter((action) => !seen.has(action))).toEqual([]);
  });

  it('has a reason wherever it is nothing', () => {
    const reasons = Object.values(ROUTES).flatMap((row) => ('because' in row ? [row.because] : []));
    expect(reasons.length).toBeGreaterThan(10);
    expect(reasons.filter((reason) => reason.length < 40 || !reason.endsWith('.'))).toEqual([]);
  });
});
