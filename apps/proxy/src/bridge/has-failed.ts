import type { ResponseMessage } from "./scan-message.ts";

const letterT = 0x74;

/** An error, or the result of a tool that says `"isError": true`. */
export function hasFailed({ isError, result, bytes }: ResponseMessage): boolean {
  return isError || (result?.isError !== undefined && bytes[result.isError.start] === letterT);
}
