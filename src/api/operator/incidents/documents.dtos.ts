import { type Draft, DRAFTS } from '../../../modules/incidents/index.js';
import { OneOf } from '../../../platform/http/fields.js';

export class DraftQuery {
  @OneOf(DRAFTS, {
    optional: true,
    description: 'For the authority, which it is where nothing is said, or for those affected',
  })
  readonly document?: Draft;
}
