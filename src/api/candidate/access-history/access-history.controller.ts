import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { type AccessProof, formatProof } from '../../../ledger/index.js';
import { AccessHistory, type ReadableAccess } from '../../../modules/candidates/index.js';
import { ApiPage, Context, type Page, PageQuery } from '../../../platform/http/index.js';
import { CandidateRoutes } from '../candidate-routes.decorator.js';
import { AccessDto } from './access-history.dto.js';

@CandidateRoutes('access-history', 'Access history')
export class AccessHistoryController {
  readonly #history: AccessHistory;

  constructor(history: AccessHistory) {
    this.#history = history;
  }

  @Get()
  @ApiOperation({ summary: 'Who read or changed what of mine, when and why, newest first' })
  @ApiPage(AccessDto)
  async list(
    @Context() context: RequestContext<CandidateActor>,
    @Query() query: PageQuery,
  ): Promise<Page<AccessDto>> {
    return (await this.#history.list(context, query)).map(present);
  }
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
