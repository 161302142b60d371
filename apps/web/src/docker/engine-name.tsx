/** A Docker context with its address. */
export function EngineName({ engine }: { engine: { readonly context: string; readonly endpoint: string } }) {
  return (
    <>
      {engine.context} <code className="text-soft wrap-anywhere">{engine.endpoint}</code>
    </>
  );
}
