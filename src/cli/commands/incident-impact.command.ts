import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Option, SubCommand } from 'nest-commander';
import type { RequestContext } from '../../kernel/context.js';
import { DRAFTS, Impact, IncidentDocuments, type IncidentId } from '../../modules/incidents/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';
import { describeAffected, describeImpact, provenLine, readIncident } from './incident-words.js';

const PAGE = 1_000;
/** Pseudonyms, and what was read of whom: for whoever writes to the authority, and nobody else. */
const PRIVATE = { mode: 0o600, flag: 'wx' } as const;

interface ImpactOptions {
  readonly list?: boolean;
  readonly out?: string;
}

@SubCommand({
  name: 'impact',
  arguments: '<incident>',
  description: 'Whose data an incident affects, which fields and when, by the signed ledger',
})
export class IncidentImpactCommand extends StrictCommand {
  override async run([text]: string[], { list = false, out }: ImpactOptions): Promise<void> {
    const id = readIncident(text);
    await withRooms(async (rooms) => {
      const impact = rooms.get(Impact, { strict: false });
      const context = commandContext('incident.impact');
      process.stdout.write(describeImpact(await impact.total(context, id)));
      if (list) await listAffected(impact, context, id);
      if (out === undefined) return;
      const unproven = await writeFiles(
        out,
        impact,
        rooms.get(IncidentDocuments, { strict: false }),
        context,
        id,
      );
      process.stdout.write(`Written to ${out}.\n`);
      if (unproven === 0) return;
      process.stdout.write(`The proofs of ${unproven} entries do not hold: run sceau ledger verify.\n`);
      process.exitCode = 1;
    });
  }

  @Option({ flags: '--list', description: 'each candidate too, by their pseudonym' })
  parseList(): boolean {
    return true;
  }

  @Option({
    flags: '--out <folder>',
    description:
      'write affected.csv, entries.ndjson (each with its proof), and the drafts for the authority and those affected',
  })
  parseOut(value: string): string {
    return value;
  }
}

async function listAffected(impact: Impact, context: RequestContext, id: IncidentId): Promise<void> {
  let page = await impact.affected(context, id, { limit: PAGE });
  while (page.items.length > 0) {
    for (const affected of page.items) process.stdout.write(describeAffected(affected));
    if (page.nextCursor === null) break;
    page = await impact.affected(context, id, { limit: PAGE, cursor: page.nextCursor });
  }
}

/** @returns how many entries have proofs that do not hold */
async function writeFiles(
  folder: string,
  impact: Impact,
  documents: IncidentDocuments,
  context: RequestContext,
  id: IncidentId,
): Promise<number> {
  await mkdir(folder, { recursive: true });
  await replace(join(folder, 'affected.csv'), await documents.affected(context, id));
  for (const draft of DRAFTS)
    for (const locale of ['fr', 'en'] as const) {
      const text = await documents.draft(context, id, draft, locale);
      await replace(join(folder, `${draft}.${locale}.md`), text);
    }
  let unproven = 0;
  async function* lines(): AsyncGenerator<string> {
    let page = await impact.entries(context, id, { limit: PAGE });
    for (;;) {
      for (const entry of page.items) {
        if (!entry.holds) unproven += 1;
        yield provenLine(entry);
      }
      if (page.nextCursor === null) return;
      page = await impact.entries(context, id, { limit: PAGE, cursor: page.nextCursor });
    }
  }
  await replace(join(folder, 'entries.ndjson'), lines());
  return unproven;
}

/** A new file in the place of an old one, which may be readable by others. */
async function replace(path: string, content: string | AsyncIterable<string>): Promise<void> {
  const part = `${path}.part`;
  await rm(part, { force: true });
  await writeFile(part, content, PRIVATE);
  await rename(part, path);
}
