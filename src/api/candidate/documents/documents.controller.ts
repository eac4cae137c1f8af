import { Delete, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import type { DocumentId } from '../../../kernel/ids.js';
import { MEDIA_TYPES, MOST_BYTES, OwnDocuments, Uploads } from '../../../modules/documents/index.js';
import * as http from '../../../platform/http/index.js';
import { CandidateRoutes } from '../candidate-routes.decorator.js';
import { DocumentDto, NewDocumentDto } from './documents.dtos.js';
import { presentDocument, presentFile } from './presenters.js';

type Candidate = RequestContext<CandidateActor>;

const TYPES = Object.keys(MEDIA_TYPES);
const BINARY = { schema: { type: 'string', contentMediaType: 'application/octet-stream' } } as const;

@CandidateRoutes('documents', 'Documents')
export class DocumentsController {
  readonly #uploads: Uploads;
  readonly #documents: OwnDocuments;
  readonly #idempotent: http.IdempotentWork;

  constructor(uploads: Uploads, documents: OwnDocuments, idempotent: http.IdempotentWork) {
    this.#uploads = uploads;
    this.#documents = documents;
    this.#idempotent = idempotent;
  }

  @Get()
  @ApiOperation({ summary: 'One’s documents, newest first' })
  @http.ApiPage(DocumentDto)
  async list(
    @http.Context() context: Candidate,
    @Query() query: http.PageQuery,
  ): Promise<http.Page<DocumentDto>> {
    return (await this.#documents.list(context, query)).map(presentDocument);
  }

  @Post()
  @http.TakesForm(NewDocumentDto, MOST_BYTES)
  @http.HasIdempotencyKey(false)
  @http.Refuses('conflict', 'document_infected', 'scanner_unavailable')
  @ApiOperation({
    summary: 'Upload a document',
    description:
      'The file is sealed as it arrives and looked into: what it is decides, not what it is called. A refused, cut off or infected file leaves nothing behind. With an Idempotency-Key the same file under the same name and kind is the same request.',
  })
  @ApiCreatedResponse({ type: DocumentDto })
  async upload(
    @http.Context() context: Candidate,
    @http.Form() form: AsyncIterable<http.FormPart>,
    @Req() request: http.Request,
    @Res({ passthrough: true }) reply: http.Reply,
  ): Promise<unknown> {
    await using upload = await this.#uploads.receive(context, form);
    return await this.#idempotent.once(request, reply, upload.fingerprint, async () => {
      const kept = presentDocument(await upload.keep());
      reply.header('location', `/v1/me/documents/${kept.id}`);
      return kept;
    });
  }

  @Get(':id')
  @http.Produces(...TYPES, 'application/octet-stream')
  @http.Refuses('document_quarantined', 'sealed_value_unreadable')
  @ApiOperation({ summary: 'Download a document' })
  @ApiOkResponse({ content: Object.fromEntries(TYPES.map((type) => [type, BINARY])) })
  async download(
    @http.Context() context: Candidate,
    @http.PathId() id: DocumentId,
    @Res() reply: http.Reply,
  ): Promise<void> {
    await http.sendFile(reply, presentFile(await this.#documents.download(context, id)));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a document; an application that was sent with it keeps it' })
  @ApiNoContentResponse()
  remove(@http.Context() context: Candidate, @http.PathId() id: DocumentId): Promise<void> {
    return this.#documents.remove(context, id);
  }
}
