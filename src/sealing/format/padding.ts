/** Narrowest bucket: texts that differ by less than this mostly look alike. */
const LEAST_BUCKET_BYTES = 64;
/** Marks where the text ends; zeros follow (ISO/IEC 7816-4). */
const END = 0x80;

/**
 * The padded length for `length` bytes: a multiple of 64, and of the bucket that Padmé gives (Nikitin et al., 2019,
 * §4), which grows with the length so that at most 12 % is added and O(log log n) bits are told.
 * @param length at least 1
 */
export function paddedLength(length: number): number {
  const exponent = floorLog2(length);
  const mantissa = exponent < 1 ? 0 : floorLog2(exponent) + 1;
  const bucket = Math.max(LEAST_BUCKET_BYTES, 2 ** (exponent - mantissa));
  return Math.ceil(length / bucket) * bucket;
}

const WORD = 2 ** 32;

/** @param whole from 1 to 2^53 - 1; `clz32` looks at the low 32 bits only */
const floorLog2 = (whole: number): number =>
  whole < WORD ? 31 - Math.clz32(whole) : 63 - Math.clz32(Math.floor(whole / WORD));

/** @returns the text, an end mark and zeros, at least 64 bytes in all */
export function pad(text: Buffer): Buffer {
  const padded = Buffer.allocUnsafe(paddedLength(text.length + 1));
  padded.set(text);
  padded[text.length] = END;
  padded.fill(0, text.length + 1);
  return padded;
}

/** @returns the text without its padding, or `undefined` when the bytes have none */
export function unpad(padded: Buffer): Buffer | undefined {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  return padded[end] === END ? padded.subarray(0, end) : undefined;
}
