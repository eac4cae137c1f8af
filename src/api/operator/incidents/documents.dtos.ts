import { type Draft, DRAFTS } from '../../../modules/incidents/index.js';
import { OneOf } from '../../../platform/http/fields.js';

export class DraftQuery {
  @OneOf(DRAFTS, { description: 'For the authority, or for those affected' })
  readonly document: Draft;
}
