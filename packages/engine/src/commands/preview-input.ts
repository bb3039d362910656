import { InvalidInputError } from "../errors.ts";
import type { Preview } from "../jobs/generator.ts";
import { PREVIEW_BYTES, PREVIEW_TYPES } from "../jobs/report-progress.ts";
import { pictureType } from "../rules/picture-type.ts";

const FIELD = "preview";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * A picture of an unfinished candidate that a program elsewhere sends. What it is, is looked at in its bytes.
 *
 * @param sent base64 of RFC 4648, in one line
 * @throws InvalidInputError where it is none, of another type, or too large
 */
export function previewOf(sent: string): Preview {
  const length = Math.floor((sent.length * 3) / 4);
  if (length > PREVIEW_BYTES + 2) throw tooLarge(length);
  if (!BASE64.test(sent)) {
    throw new InvalidInputError(
      'The preview is no base64. Send that of the picture\'s bytes, in one line and without "data:" before it.',
      FIELD,
    );
  }
  const bytes = Buffer.from(sent, "base64");
  if (bytes.byteLength > PREVIEW_BYTES) throw tooLarge(bytes.byteLength);
  const mediaType = pictureType(bytes);
  if (mediaType === undefined || !PREVIEW_TYPES.includes(mediaType)) {
    const is = mediaType === undefined ? "no picture" : `of the type ${mediaType}`;
    throw new InvalidInputError(`The preview is ${is}. Send a PNG, JPEG or WebP.`, FIELD);
  }
  return { bytes, mediaType };
}

function tooLarge(bytes: number): InvalidInputError {
  return new InvalidInputError(
    `The preview has ${bytes} bytes; at most ${PREVIEW_BYTES} are shown. Send a smaller one, such as a JPEG of 512 pixels.`,
    FIELD,
  );
}
