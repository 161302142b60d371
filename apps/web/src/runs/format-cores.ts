/** Cores in use, "0.05 cores", "1 core". */
export function formatCores(cores: number): string {
  const text = cores >= 10 ? cores.toFixed(0) : String(Number(cores.toFixed(2)));
  return `${text} ${text === "1" ? "core" : "cores"}`;
}
