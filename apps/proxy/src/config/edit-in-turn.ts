/** The last edit of each file that is still under way. */
const underWay = new Map<string, Promise<void>>();

/** Runs the edits of one file one after the other: two that read it at the same time would undo each other. */
export async function editInTurn(path: string, edit: () => Promise<void>): Promise<void> {
  const before = underWay.get(path) ?? Promise.resolve();
  const mine = before.then(edit);
  const settled = mine.catch(() => undefined);
  underWay.set(path, settled);
  try {
    await mine;
  } finally {
    if (underWay.get(path) === settled) underWay.delete(path);
  }
}
