/** Work that nobody waits for, one piece after the other, until the end waits for it. */
export class BackgroundWork {
  private last: Promise<void> = Promise.resolve();
  private readonly onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.onError = onError;
  }

  add(work: () => Promise<void>): void {
    this.last = this.last.then(work).catch(this.onError);
  }

  async settled(): Promise<void> {
    await this.last;
  }
}
