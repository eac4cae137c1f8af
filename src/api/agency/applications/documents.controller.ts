import { Controller, Get, Res, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { AgencyPurpose } from '../../../disclosure/index.js';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import type { ApplicationId, DocumentId } from '../../../kernel/ids.js';
import { AgencyGuard, Scopes } from '../../../modules/agencies/index.js';
import { DocumentDisclosures } from '../../../modules/applications/index.js';
import { MEDIA_TYPES } from '../../../modules/documents/index.js';
import { Context, PathId, Produces, Refuses, type Reply, sendFile } from '../../../platform/http/index.js';
import { Purpose } from './purpose.decorator.js';

const TYPES = Object.keys(MEDIA_TYPES);
const BINARY = { schema: { type: 'string', contentMediaType: 'application/octet-stream' } } as const;

@ApiTags('Agency')
@ApiSecurity('agency')
@Controller('v1/agency/applications/:id/documents')
@UseGuards(AgencyGuard)
export class AgencyDocumentsController {
  readonly #documents: DocumentDisclosures;

  constructor(documents: DocumentDisclosures) {
    this.#documents = documents;
  }

  @Get(':documentId')
  @Scopes('applications:read')
  @Produces(...TYPES, 'application/octet-stream')
  @Refuses(
    'disclosure_refused',
    'disclosure_budget_spent',
    'document_quarantined',
    'scanner_unavailable',
    'sealed_value_unreadable',
  )
  @ApiOperation({
    summary: 'Download a document that the application was sent with; recorded, one unit of the budget',
    description: 'Its name, type, size and digest are in the released field `documents` of the application.',
  })
  @ApiOkResponse({ content: Object.fromEntries(TYPES.map((type) => [type, BINARY])) })
  async download(
    @Context() context: RequestContext<AgencyActor>,
    @PathId() id: ApplicationId,
    @PathId('documentId') documentId: DocumentId,
    @Purpose() purpose: AgencyPurpose,
    @Res() reply: Reply,
  ): Promise<void> {
    const { document, content } = await this.#documents.one(context, id, documentId, purpose);
    await sendFile(reply, { ...document, content });
  }
}
