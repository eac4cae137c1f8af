import { readFile } from 'node:fs/promises';
import { Command, Option, SubCommand } from 'nest-commander';
import { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import { parseId, type VacancyId } from '../../kernel/ids.js';
import { Randomness } from '../../kernel/randomness.js';
import { CanaryList, CanaryOrders } from '../../modules/canaries/index.js';
import { canaryPerson } from '../canary/canary-person.js';
import { readCanaryTexts } from '../canary/canary-texts.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';

interface PlantOptions {
  readonly mailDomain: readonly string[];
  readonly texts: string;
  readonly minutes?: number;
}

const DOMAIN = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/;
const DAY_MINUTES = 1_440;
const WEEK_MINUTES = 7 * DAY_MINUTES;

@SubCommand({
  name: 'plant',
  description:
    'Have candidates whom nobody is among the applicants of an open vacancy: reading one is an alert',
  arguments: '<vacancy>',
})
class CanaryPlantCommand extends StrictCommand {
  override async run(
    [vacancy = '']: string[],
    { mailDomain, texts: file, minutes = DAY_MINUTES }: PlantOptions,
  ): Promise<void> {
    const id = parseId<VacancyId>(vacancy);
    if (id === undefined) throw new Failure('invalid_request', { detail: 'An id is a UUIDv7.' });
    const content = await readFile(file, 'utf8');
    await withRooms(async (rooms) => {
      const now = rooms.get(Clock, { strict: false }).now();
      const canaries = await readCanaryTexts(content, now.toISOString().slice(0, 10));
      // A big library, and few commands have a use for it.
      const { faker } = await import('@faker-js/faker/locale/fr');
      faker.seed(rooms.get(Randomness, { strict: false }).bytes(4).readUInt32BE());
      await rooms
        .get(CanaryOrders, { strict: false })
        .place(commandContext('canary.plant'), id, minutes * 60_000, (found) =>
          canaries.map((texts) => canaryPerson(faker, mailDomain, found, texts)),
        );
      const when = minutes === 0 ? 'now' : `within ${minutes} minutes`;
      process.stdout.write(
        `Ordered: ${canaries.length}. They sign up ${when} and apply within the hour after, while the API and the worker run.\n` +
          'See them with “canary list”; nothing else tells them apart. Delete the file with their texts, and use none of them again.\n',
      );
    });
  }

  @Option({
    flags: '--mail-domain <domain>',
    description:
      'domains of yours at which they have their addresses, separated by commas: agencies may see them and write there; several, so that one domain tells nothing',
    required: true,
  })
  parseMailDomain(value: string): readonly string[] {
    const domains = value.split(',');
    if (!domains.every((domain) => DOMAIN.test(domain)))
      throw new Failure('invalid_request', { detail: 'A domain is like exemple.fr.' });
    return domains;
  }

  @Option({
    flags: '--texts <file>',
    description:
      'JSON of your own with who they are and what they write, one entry for each canary, as docs/operations.md shows; texts of this product could be looked for',
    required: true,
  })
  parseTexts(value: string): string {
    return value;
  }

  @Option({
    flags: '--minutes <minutes>',
    description: `over how long they sign up, at moments that nobody is told; a day unless told, a week at most`,
  })
  parseMinutes(value: string): number {
    return readNumber(value, 0, WEEK_MINUTES);
  }
}

@SubCommand({ name: 'list', description: 'Applications of canaries, by id, agency, vacancy and state' })
class CanaryListCommand extends StrictCommand {
  override async run(): Promise<void> {
    await withRooms(async (rooms) => {
      const found = await rooms.get(CanaryList, { strict: false }).read(commandContext('canary.list'));
      for (const { application, agencyId, vacancyId, status } of found)
        process.stdout.write(`${application}  agency ${agencyId}  vacancy ${vacancyId}  ${status}\n`);
      process.stdout.write(`${found.length} canaries.\n`);
    });
  }
}

@Command({
  name: 'canary',
  description: 'Candidates whom nobody is, to notice who reads what nobody should',
  subCommands: [CanaryPlantCommand, CanaryListCommand],
})
export class CanaryCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}

function readNumber(value: string, least: number, most: number): number {
  const number = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most))
    throw new Failure('invalid_request', { detail: `A whole number from ${least} to ${most}.` });
  return number;
}
