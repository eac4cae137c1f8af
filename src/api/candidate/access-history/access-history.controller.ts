import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { type AccessProof, formatProof } from '../../../ledger/index.js';
import { AccessHistory, type ReadableAccess } from '../../../modules/candidates/index.js';
import { OwnIncidents, type OwnNotice } from '../../../modules/incidents/index.js';
import { ApiPage, Context, Page, PageQuery } from '../../../platform/http/index.js';
import { CandidateRoutes } from '../candidate-routes.decorator.js';
import { AccessDto, OwnIncidentDto } from './access-history.dto.js';

@CandidateRoutes('access-history', 'Access history')
export class AccessHistoryController {
  readonly #history: AccessHistory;
  readonly #incidents: OwnIncidents;

  constructor(history: AccessHistory, incidents: OwnIncidents) {
    this.#history = history;
    this.#incidents = incidents;
  }

  @Get()
  @ApiOperation({
    summary: 'Who read or changed what of mine, when and why, newest first',
    description:
      '`incidents` are those that affected my data, from the letter about them on, or else from their closing; newest first.',
  })
  @ApiPage(AccessDto, { beside: { incidents: OwnIncidentDto } })
  async list(
    @Context() context: RequestContext<CandidateActor>,
    @Query() query: PageQuery,
  ): Promise<AccessPage> {
    const page = await this.#history.list(context, query);
    return new AccessPage(page.map(present), (await this.#incidents.list(context)).map(presentIncident));
  }
}

/** Accesses, and beside each page the incidents that affected the candidate. */
class AccessPage extends Page<AccessDto> {
  readonly incidents: readonly OwnIncidentDto[];

  constructor({ items, nextCursor }: Page<AccessDto>, incidents: readonly OwnIncidentDto[]) {
    super(items, nextCursor);
    this.incidents = incidents;
  }
}

function presentIncident(notice: OwnNotice): OwnIncidentDto {
  const { incident, toldAt, first, last, entries, fields, isLowerBound = false } = notice;
  return {
    id: incident,
    toldAt: toldAt.toISOString(),
    first,
    last,
    entries,
    fields: [...fields],
    lowerBound: isLowerBound,
  };
}

function present({ access, agencyName, sentence }: ReadableAccess): AccessDto {
  return {
    id: access.id,
    at: access.at.toISOString(),
    sentence,
    action: access.action,
    outcome: access.outcome,
    purpose: access.purpose,
    actor: access.actorKind,
    agencyName,
    applicationId: access.applicationId,
    fields: [...access.fields],
    proof: presentProof(access.proof),
  };
}

function presentProof({ index, envelope, hashes, checkpoint, records }: AccessProof): AccessDto['proof'] {
  return {
    entry: envelope.toString('base64'),
    proof: formatProof({ index, hashes, checkpoint: checkpoint.note }),
    records: records.map((own) => ({
      record: own.record.toString('base64'),
      position: own.position,
      size: own.size,
      hashes: own.hashes.map((hash) => hash.toString('base64')),
    })),
  };
}
