/** An image, and whether it is a stand-in built from the host's own Node. */
export function ImageName({ image, builtFromHost }: { image: string | null; builtFromHost: string | null }) {
  if (image === null) return null;
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
      <code className="wrap-anywhere">{image}</code>
      {builtFromHost !== null && (
        <span
          className="rounded bg-warning-tint px-1 text-xs whitespace-nowrap text-warning"
          title="Not the image from the registry: it holds the Node of this machine."
        >
          built from host Node {builtFromHost}
        </span>
      )}
    </span>
  );
}
