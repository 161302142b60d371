/** How much of a log file a page shows; server and browser must ask for the same. */
export const logTailLines = 200;
