/** What a candidate says to one question of the vacancy. */
export interface Answer {
  readonly questionId: string;
  readonly value: string | boolean;
}
