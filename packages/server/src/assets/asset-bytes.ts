import type { AssetStore } from "@sluice/engine";
import { DamagedPictureError, type PreviewMaker } from "./previews.ts";

/**
 * The bytes of an asset, or of its preview.
 *
 * @param width of the preview, in pixels; undefined for the asset itself
 * @returns undefined where the file is gone: a folder that was not restored with its database; the error where no
 *   preview can be made of it
 */
export async function assetBytes(
  { store, previews }: { readonly store: AssetStore; readonly previews: PreviewMaker },
  sha256: string,
  width: number | undefined,
): Promise<Uint8Array | DamagedPictureError | undefined> {
  const original = () => store.read(sha256);
  try {
    return width ? await previews.preview(sha256, width, original) : await original();
  } catch (error) {
    if (error instanceof DamagedPictureError) return error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
