import {
  COUNTED_SECTIONS,
  type CountedSection,
  type Need,
  NEEDS,
} from '../../../modules/candidates/index.js';
import { ListOf, Nested, OneOf, Text, WholeNumber } from '../../../platform/http/fields.js';

const STATES = ['empty', 'partial', 'complete'] as const;
type State = (typeof STATES)[number];

class SectionStatesDto implements Readonly<Record<CountedSection, State>> {
  @OneOf(STATES, { example: 'partial' })
  readonly identity: State;

  @OneOf(STATES, { example: 'complete' })
  readonly contact: State;

  @OneOf(STATES, { example: 'complete' })
  readonly address: State;

  @OneOf(STATES)
  readonly preferences: State;

  @OneOf(STATES, { example: 'complete', description: 'An experience counts as well' })
  readonly education: State;

  @OneOf(STATES)
  readonly languages: State;
}

class ProfileGapDto {
  @OneOf(COUNTED_SECTIONS, { example: 'contact' })
  readonly section: CountedSection;

  @Text({ max: 100, example: '/contact', description: 'JSON Pointer (RFC 6901) into the profile' })
  readonly pointer: string;

  @OneOf(NEEDS, {
    description:
      '`application`: nothing can be submitted without it; `offer`: an agency asks for it then; `review`: an agency ' +
      'reviews with it; `search`: it finds vacancies',
  })
  readonly neededFor: Need;

  @Text({ max: 200, example: 'Indiquez une adresse électronique ou un numéro de téléphone.' })
  readonly detail: string;
}

export class CompletenessDto {
  @WholeNumber({ min: 0, max: 100, example: 71 })
  readonly percent: number;

  @Nested(() => SectionStatesDto)
  readonly sections: SectionStatesDto;

  @ListOf(() => ProfileGapDto, { max: 20 })
  readonly missing: ProfileGapDto[];
}
