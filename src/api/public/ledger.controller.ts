import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Failure } from '../../kernel/errors.js';
import { parseTilePath, TreeReader } from '../../ledger/index.js';
import { Produces, type Reply } from '../../platform/http/index.js';

/** What anyone may keep in order to prove later that history was rewritten. It holds hashes only. */
@ApiTags('Ledger')
@Controller('v1/ledger')
export class LedgerController {
  readonly #tree: TreeReader;

  constructor(tree: TreeReader) {
    this.#tree = tree;
  }

  @Get('checkpoint')
  @Produces('text/plain')
  @ApiOperation({ summary: 'The newest signed checkpoint (C2SP tlog-checkpoint)' })
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
  async checkpoint(@Res({ passthrough: true }) reply: Reply): Promise<string> {
    const checkpoint = await this.#tree.newestCheckpoint();
    if (checkpoint === undefined) throw new Failure('not_found');
    reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache');
    return checkpoint.note;
  }

  @Get('tile/*')
  @Produces('application/octet-stream')
  @ApiOperation({ summary: 'A tile of hashes (C2SP tlog-tiles)' })
  @ApiParam({ name: 'path', schema: { type: 'string', example: '0/000' } })
  @ApiOkResponse({
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  })
  async tile(@Param('*') path: string, @Res({ passthrough: true }) reply: Reply): Promise<Buffer> {
    const wanted = parseTilePath(path);
    if (wanted === undefined) throw new Failure('not_found');
    const hashes = await this.#tree.tile(wanted);
    reply.type('application/octet-stream').header('cache-control', 'public, max-age=31536000, immutable');
    return hashes;
  }
}
