import { relationsOf } from '../../../support/catalogue.js';
import { Loot } from '../../population/loot.ts';
import { routesFor } from '../../system/routes.ts';
import type { Attempt } from '../row.ts';
import { plantablesOf } from './plantable.ts';
import { OWNERS } from './planted-values.ts';
import { rowToPlant } from './row-to-plant.ts';
import type { Scene } from './swaps.ts';
import { asAgency, asCandidate, AS_IDENTITY, AS_SYSTEM, type Pretence } from './writer.ts';

/** All that the role is shown, whoever it says it acts for. */
export async function everythingShown({ system, writer, victim, agency }: Scene): Promise<Attempt> {
  const pretences = [AS_SYSTEM, AS_IDENTITY, asCandidate(victim.id), asAgency(agency.agencyId)];
  const relations = await relationsOf(system.database);
  const rows: string[] = [];
  for (const { name } of relations) for (const as of pretences) rows.push(...(await writer.rows(name, as)));
  const obtained = system.search.inBytes(Buffer.from(rows.join('\n'))).clear;
  return {
    tried: `${rows.length} rows of ${relations.length} tables read as the system, sign-in, a candidate and an agency: ${obtained.people.size} candidate(s) found`,
    obtained,
    breaches: obtained.people.size === 0 ? [] : [`Read by the role: ${obtained.describe()}.`],
  };
}

interface Outcomes {
  readonly tables: number;
  readonly invented: number;
  /** Tables whose one row, or the thief's, was written over. */
  readonly overwritten: number;
  /** For each table that took no row, why. */
  readonly refused: ReadonlyMap<string, number | string>;
  /** Ids of the rows that are the thief's. */
  readonly own: readonly string[];
}

/** Others' rows once more as the thief's own, in every table that the role may insert into. */
export async function rowsPlanted(scene: Scene): Promise<Attempt> {
  const { writer, thief } = scene;
  try {
    const outcomes = await plantedEverywhere(scene);
    const { asked, answered, obtained } = await everythingOpened(scene, outcomes.own);
    const others = obtained.beyond((person) => person === thief.person);
    return {
      tried: `${described(outcomes)}, and everything asked for that a candidate can read, by the id of each: ${answered} of ${asked} requests answered, ${others.people.size} other candidate(s) read`,
      obtained: others,
      breaches: [
        ...(outcomes.refused.size === 0
          ? []
          : [
              `Not tried, as the row was refused: ${[...outcomes.refused].map((each) => each.join(' ')).join(', ')}.`,
            ]),
        ...(obtained.people.has(thief.person)
          ? []
          : ['Not tried: of all that was planted nothing was read, not even the own.']),
        ...(others.people.size === 0 ? [] : [`By rows planted as own ones: ${others.describe()}.`]),
      ],
    };
  } finally {
    await writer.clear();
  }
}

async function plantedEverywhere(scene: Scene): Promise<Outcomes> {
  const tables = await plantablesOf(scene.system.database);
  const refused = new Map<string, number | string>();
  const own: string[] = [];
  let [invented, overwritten] = [0, 0];
  for (const table of tables) {
    const { row, isInvented, instead } = await rowToPlant(scene, table);
    const place = { key: instead ?? table.key, instead };
    const outcome = await scene.writer.plant(table.name, row, waysFor(row), place);
    const { id } = row;
    if (typeof id === 'string' && OWNERS.some((column) => row[column] === scene.thief.id)) own.push(id);
    if (outcome !== 1) refused.set(table.name, outcome);
    else if (isInvented) invented += 1;
    else if (instead !== undefined) overwritten += 1;
  }
  return { tables: tables.length, invented, overwritten, refused, own };
}

/** On behalf of whom a row may be let in. */
const waysFor = (row: Readonly<Record<string, unknown>>): readonly Pretence[] => [
  asCandidate(String(row['candidate_id'])),
  asAgency(String(row['agency_id'])),
  AS_IDENTITY,
  AS_SYSTEM,
];

/** Whatever the thief can ask for, by their own application's id and that of each row that was planted for them. */
async function everythingOpened(
  { system, thief, client }: Scene,
  ids: readonly string[],
): Promise<{
  readonly asked: number;
  readonly answered: number;
  readonly obtained: Loot;
}> {
  const routes = (await routesFor(system, 'candidate', 'person')).filter(({ method }) => method === 'GET');
  const paths = routes.flatMap((route) =>
    (route.hasId ? [thief.application, ...ids] : [thief.application]).map((id) => route.sample(id)),
  );
  const obtained = new Loot();
  let answered = 0;
  for (const path of paths) {
    const { status, text } = await readSoFar(new URL(path, system.url), client.authorization);
    if (status < 400) answered += 1;
    obtained.addAll(system.search.inText(text));
  }
  return { asked: paths.length, answered, obtained };
}

/** An answer, or as much of it as comes: an export breaks off at what does not open. */
async function readSoFar(
  url: URL,
  authorization: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url, { headers: { authorization } });
  const parts: Uint8Array[] = [];
  try {
    for await (const part of response.body ?? []) parts.push(part);
  } catch (error) {
    // What `fetch` throws when the other side hangs up.
    if (!(error instanceof TypeError)) throw error;
  }
  return {
    status: response.status,
    text: Buffer.concat(parts).toString('utf8'),
  };
}

const described = ({ tables, invented, overwritten, refused }: Outcomes): string =>
  `rows planted as own ones in ${tables - refused.size} of the ${tables} tables that the role may insert into (${tables - refused.size - invented} copied from others, ${overwritten} of these over a row that was there, ${invented} invented where there was nothing to copy)`;
