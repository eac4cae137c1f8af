import { Controller, Get, Query, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { OperatorActor, RequestContext } from '../../../kernel/context.js';
import { Roles, SessionGuard } from '../../../modules/identity/index.js';
import { IncidentDocuments, type IncidentId } from '../../../modules/incidents/index.js';
import { Context, PathId, Produces, Refuses, type Reply } from '../../../platform/http/index.js';
import { DraftQuery } from './documents.dtos.js';

type Operator = RequestContext<OperatorActor>;

/** What leaves of an incident as a file. */
@ApiTags('Operator')
@ApiBearerAuth('session')
@Controller('v1/operator/incidents/:id')
@Roles('operator')
@UseGuards(SessionGuard)
export class IncidentDocumentsController {
  readonly #documents: IncidentDocuments;

  constructor(documents: IncidentDocuments) {
    this.#documents = documents;
  }

  @Get('affected/export')
  @Produces('text/csv', 'application/json')
  @Refuses('conflict')
  @ApiOperation({ summary: 'Everybody affected, by pseudonym, as CSV (RFC 4180)' })
  @ApiOkResponse({ content: { 'text/csv': { schema: { type: 'string' } } } })
  async affected(@Context() context: Operator, @PathId() id: IncidentId, @Res() reply: Reply): Promise<void> {
    await sendText(reply, 'text/csv', 'affected.csv', await this.#documents.affected(context, id));
  }

  @Get('draft')
  @Produces('text/markdown', 'application/json')
  @Refuses('conflict')
  @ApiOperation({
    summary: 'A draft filled with the figures, in the language of the request',
    description:
      '`authority`: the notification that CNIL’s form asks for (GDPR article 33). `letter`: the mail that those affected get (article 34).',
  })
  @ApiOkResponse({ content: { 'text/markdown': { schema: { type: 'string' } } } })
  async draft(
    @Context() context: Operator,
    @PathId() id: IncidentId,
    @Query() { document = 'authority' }: DraftQuery,
    @Res() reply: Reply,
  ): Promise<void> {
    const text = await this.#documents.draft(context, id, document, context.locale);
    await sendText(reply, 'text/markdown', `${document}.${context.locale}.md`, text);
  }
}

async function sendText(reply: Reply, mediaType: string, name: string, text: string): Promise<void> {
  await reply
    .type(`${mediaType}; charset=utf-8`)
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(text);
}
