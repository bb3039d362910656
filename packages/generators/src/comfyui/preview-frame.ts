import { type Preview, pictureType } from "@sluice/engine";

const PREVIEW_IMAGE = 1;
const PREVIEW_IMAGE_WITH_METADATA = 4;

/**
 * The picture in a binary frame of ComfyUI's socket: a big-endian 32-bit kind, then, for kind 1, a 32-bit format and the
 * picture; for kind 4, a 32-bit length, so much JSON, and the picture. Other kinds hold text.
 */
export function previewIn(frame: Buffer): Preview | undefined {
  if (frame.byteLength < 8) return undefined;
  const kind = frame.readUInt32BE(0);
  if (kind !== PREVIEW_IMAGE && kind !== PREVIEW_IMAGE_WITH_METADATA) return undefined;
  const bytes = frame.subarray(kind === PREVIEW_IMAGE ? 8 : 8 + frame.readUInt32BE(4));
  // The format is not believed: what is no picture is not shown.
  const mediaType = pictureType(bytes);
  return mediaType === undefined ? undefined : { bytes, mediaType };
}
