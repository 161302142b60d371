/** Adds the tag that Docker means when there is none; without it a pull fetches every tag. */
export function withDefaultTag(image: string): string {
  const lastPart = image.slice(image.lastIndexOf("/") + 1);
  return image.includes("@") || lastPart.includes(":") ? image : `${image}:latest`;
}

/** Host of the registry that an image comes from; "docker.io" when its name names none. */
export function registryOf(image: string): string {
  const [first, ...rest] = image.split("/");
  const isHost = rest.length > 0 && first !== undefined && (/[.:]/.test(first) || first === "localhost");
  return isHost ? first : "docker.io";
}
