/** Replaces the secrets in a text. */
export type Redact = (text: string) => string;

/** Holds the redactor of a log, which changes with the config. */
export class RedactorSlot {
  #redact: Redact;

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  set(redact: Redact): void {
    this.#redact = redact;
  }

  apply(text: string): string {
    return this.#redact(text);
  }
}
