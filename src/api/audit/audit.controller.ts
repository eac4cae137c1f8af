import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuditorActor, RequestContext } from '../../kernel/context.js';
import { LedgerReader } from '../../ledger/index.js';
import { Roles, SessionGuard } from '../../modules/identity/index.js';
import { ApiPage, Context, type Page, PageQuery, PathId } from '../../platform/http/index.js';
import { Audit } from './audit.service.js';
import { CheckpointDto, ConsistencyDto, ConsistencyQuery, EventDto, EventQuery, ProofDto } from './dtos.js';
import { presentCheckpoint, presentEvent, presentProof } from './presenters.js';

@ApiTags('Audit')
@ApiBearerAuth('session')
@Controller('v1/audit')
@UseGuards(SessionGuard)
@Roles('auditor')
export class AuditController {
  readonly #audit: Audit;
  readonly #reader: LedgerReader;

  constructor(audit: Audit, reader: LedgerReader) {
    this.#audit = audit;
    this.#reader = reader;
  }

  @Get('events')
  @ApiOperation({ summary: 'Who did what, newest first' })
  @ApiPage(EventDto)
  async events(
    @Context() context: RequestContext<AuditorActor>,
    @Query() query: EventQuery,
  ): Promise<Page<EventDto>> {
    return (await this.#audit.events(context, query)).map(presentEvent);
  }

  @Get('events/:id')
  @ApiOperation({ summary: 'One entry' })
  @ApiOkResponse({ type: EventDto })
  async event(@Context() context: RequestContext<AuditorActor>, @PathId() id: string): Promise<EventDto> {
    return presentEvent(await this.#audit.entry(context, id));
  }

  @Get('events/:id/proof')
  @ApiOperation({ summary: 'The entry’s bytes and its inclusion proof against the newest checkpoint' })
  @ApiOkResponse({ type: ProofDto })
  async proof(@Context() context: RequestContext<AuditorActor>, @PathId() id: string): Promise<ProofDto> {
    return presentProof(await this.#audit.proof(context, id));
  }

  @Get('checkpoints')
  @ApiOperation({ summary: 'Signed checkpoints, newest first' })
  @ApiPage(CheckpointDto)
  async checkpoints(@Query() { limit, cursor }: PageQuery): Promise<Page<CheckpointDto>> {
    return (await this.#audit.checkpoints(limit, cursor)).map(presentCheckpoint);
  }

  @Get('consistency')
  @ApiOperation({ summary: 'Proof that the newer of two checkpoints only adds to the older' })
  @ApiOkResponse({ type: ConsistencyDto })
  async consistency(@Query() { from, to }: ConsistencyQuery): Promise<ConsistencyDto> {
    const hashes = await this.#reader.consistency(from, to);
    return { from, to, hashes: hashes.map((hash) => hash.toString('base64')) };
  }
}
