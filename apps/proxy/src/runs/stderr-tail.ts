const maxLines = 500;
const maxBytes = 64 * 1024;
const maxLineLength = 4_096;

/** The last lines of a run's stderr, bounded in lines and bytes. */
export class StderrTail {
  private lines: string[] = [];
  private bytes = 0;
  /** Grows with every line, so that a reader can tell whether anything is new. */
  version = 0;

  add(line: string): void {
    const kept = line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line;
    this.lines.push(kept);
    this.bytes += kept.length;
    this.version += 1;
    // Trimmed in batches: shifting an array for each of ten thousand lines a second is quadratic.
    if (this.lines.length > 2 * maxLines || this.bytes > 2 * maxBytes) this.trim();
  }

  read(): readonly string[] {
    this.trim();
    return [...this.lines];
  }

  private trim(): void {
    let from = Math.max(0, this.lines.length - maxLines);
    let bytes = 0;
    for (let at = this.lines.length - 1; at >= from; at -= 1) {
      bytes += this.lines[at]?.length ?? 0;
      if (bytes > maxBytes) from = at + 1;
    }
    this.lines = this.lines.slice(from);
    this.bytes = this.lines.reduce((sum, line) => sum + line.length, 0);
  }
}
