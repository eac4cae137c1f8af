import { Controller, Get, Query, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuditorActor, RequestContext } from '../../../kernel/context.js';
import { Roles, SessionGuard } from '../../../modules/identity/index.js';
import { Context, Produces, Refuses, type Reply } from '../../../platform/http/index.js';
import { ExportQuery } from './export.dto.js';
import { Exports } from './export.service.js';

@ApiTags('Audit')
@ApiBearerAuth('session')
@Controller('v1/audit/export')
@UseGuards(SessionGuard)
@Roles('auditor')
export class ExportController {
  readonly #exports: Exports;

  constructor(exports: Exports) {
    this.#exports = exports;
  }

  @Get()
  // `format` decides, whatever a client's library says it accepts.
  @Produces('application/x-ndjson', 'text/csv', 'application/json')
  @ApiOperation({
    summary: 'The entries of a span of time, oldest first, as a stream of any length',
    description:
      'NDJSON: an entry a line with its exact bytes, its signature and its subjects’ records; of an entry whose contents were dropped there is the `hash` only. The last line has `count` and `checkpoint`, without it the export broke off; with `from` or `to` it has these too, and the export is a part that cannot be verified.',
  })
  @Refuses('witnesses_unreachable')
  @ApiOkResponse({
    content: {
      'application/x-ndjson': { schema: { type: 'string' } },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  async export(
    @Context() context: RequestContext<AuditorActor>,
    @Query() query: ExportQuery,
    @Res() reply: Reply,
  ): Promise<void> {
    const { mediaType, extension, content } = await this.#exports.begin(context, query);
    await reply
      .type(`${mediaType}; charset=utf-8`)
      .header('content-disposition', `attachment; filename="ledger.${extension}"`)
      .send(content);
  }
}
