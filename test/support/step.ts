/** A step of an agency's as it posts it: an offer leaves ten days to answer. */
export const stepTo = (to: string): { readonly to: string; readonly answerBy?: string } =>
  to === 'offered' ? { to, answerBy: new Date(Date.now() + 10 * 86_400_000).toISOString() } : { to };
