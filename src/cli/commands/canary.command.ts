import { Command, Option, SubCommand } from 'nest-commander';
import { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import { parseId, type VacancyId } from '../../kernel/ids.js';
import { Randomness } from '../../kernel/randomness.js';
import { CanaryList, CanaryOrders } from '../../modules/canaries/index.js';
import { canaryPerson } from '../canary/canary-person.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';

interface PlantOptions {
  readonly mailDomain: readonly string[];
  readonly count?: number;
  readonly minutes?: number;
}

const DOMAIN = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/;
const MOST = 20;
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
    { mailDomain, count = 1, minutes = DAY_MINUTES }: PlantOptions,
  ): Promise<void> {
    const id = parseId<VacancyId>(vacancy);
    if (id === undefined) throw new Failure('invalid_request', { detail: 'An id is a UUIDv7.' });
    await withRooms(async (rooms) => {
      // A big library, and few commands have a use for it.
      const { faker } = await import('@faker-js/faker/locale/fr');
      faker.seed(rooms.get(Randomness, { strict: false }).bytes(4).readUInt32BE());
      const now = rooms.get(Clock, { strict: false }).now();
      await rooms
        .get(CanaryOrders, { strict: false })
        .place(commandContext('canary.plant'), id, minutes * 60_000, (found) =>
          Array.from({ length: count }, () => canaryPerson(faker, now, mailDomain, found)),
        );
      const when = minutes === 0 ? 'now' : `within ${minutes} minutes`;
      process.stdout.write(
        `Ordered: ${count}. They sign up ${when} and apply within the hour after, while the API and the worker run.\n` +
          'See them with “canary list”; nothing else tells them apart.\n',
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

  @Option({ flags: '--count <canaries>', description: `how many, up to ${MOST}; 1 unless told` })
  parseCount(value: string): number {
    return readNumber(value, 1, MOST);
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
