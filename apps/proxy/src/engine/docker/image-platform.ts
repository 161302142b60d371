import type Docker from "dockerode";

/** True when an image is made for the platform, "linux/arm64" or "linux/arm/v7"; any image is, where none is asked for. */
export function isOfPlatform(
  image: Pick<Docker.ImageInspectInfo, "Os" | "Architecture"> & { readonly Variant?: string | undefined },
  platform: string | undefined,
): boolean {
  if (platform === undefined) return true;
  const [os, architecture, variant] = platform.split("/");
  return (
    os === image.Os &&
    (architecture === undefined || architecture === image.Architecture) &&
    // Most images of arm64 leave their variant out.
    (variant === undefined || !image.Variant || variant === image.Variant)
  );
}
