import sharp from "sharp";

/** A PNG of one colour, such as "#ff0000". */
export async function plainPicture(background: string, size = 64): Promise<Buffer> {
  return await sharp({ create: { width: size, height: size, channels: 3, background } })
    .png()
    .toBuffer();
}
