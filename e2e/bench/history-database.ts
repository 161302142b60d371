import { DatabaseSync } from "node:sqlite";
import { deflateRawSync } from "node:zlib";

export interface HistorySize {
  readonly runs: number;
  readonly eventsPerRun: number;
  readonly samplesPerRun: number;
}

const batchRuns = 50_000;
const days = 80;
const stderrLine = "2026-11-23T19:00:00Z info: request handled in 12 ms (tools/call search, session 4f1c)";
const dockerRunArgs = JSON.stringify([
  ..."run -i --init --name mcpproxy-server-x7k2 --cap-drop ALL --security-opt no-new-privileges --pids-limit 256".split(
    " ",
  ),
  ..."--memory 512m --memory-swap 512m --cpus 1.0 --network bridge --log-driver local --pull never".split(" "),
  ..."-v /etc/ssl/certs/ca-certificates.crt:/etc/mcpproxy/ca.pem:ro -e NODE_EXTRA_CA_CERTS -e SSL_CERT_FILE".split(" "),
  ..."-l com.mcpproxy.managed=true -l com.mcpproxy.server=server node:20 npx -y @example/server".split(" "),
]);
const report = JSON.stringify({
  score: 82,
  weaknesses: [1, 2, 3].map((code) => ({
    code: `weakness-${code}`,
    points: 6,
    message: "The root file system can be written.",
    remedy: 'Set "read_only": true, or "preset": "strict".',
  })),
  isHostNetwork: false,
  isPrivileged: false,
});

/** Fills the tables of a database that MCPProxy made, with runs of the usual size spread over 80 days up to now. */
export function fillHistory(databasePath: string, size: HistorySize): void {
  const database = new DatabaseSync(databasePath, { enableForeignKeyConstraints: false });
  try {
    // Only while filling: nobody minds when this database is lost.
    database.exec("PRAGMA synchronous=OFF; PRAGMA cache_size=-500000; PRAGMA temp_store=MEMORY;");
    const packed = packedSamples(size.samplesPerRun);
    for (let from = 0; from < size.runs; from += batchRuns) {
      const to = Math.min(from + batchRuns, size.runs);
      database.exec("BEGIN");
      insertRuns(database, { from, to, runs: size.runs });
      insertEvents(database, { from, to, count: size.eventsPerRun });
      database
        .prepare(`${numbersSql(from, to)} INSERT INTO "RunSampleSeries" SELECT ${idSql}, ? FROM numbers`)
        .run(packed);
      database.exec("COMMIT");
    }
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}

const startedAtSql = `(startMs + n * stepMs)`;
/** Like a UUIDv7: the time first, then what makes it unique. */
const idSql = `printf('%08x-%04x-7000-8000-%012x', ${startedAtSql} >> 16, ${startedAtSql} & 65535, n)`;

/** Numbers with what depends on them; WITH comes before INSERT in SQLite. */
function numbersSql(from: number, to: number): string {
  return `WITH RECURSIVE series(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM series WHERE n + 1 < ${to}),
    numbers AS (SELECT n, (SELECT "from" FROM temp."bounds") AS startMs, (SELECT "step" FROM temp."bounds") AS stepMs,
      (n * 2654435761) % 1000 AS dice, (n * 40503) % 4093 AS other FROM series)`;
}

function insertRuns(database: DatabaseSync, { from, to, runs }: { from: number; to: number; runs: number }): void {
  if (from === 0) {
    const spanMs = days * 86_400_000;
    database.exec(`CREATE TEMP TABLE "bounds" ("from", "step");
      INSERT INTO temp."bounds" VALUES (${Date.now() - spanMs}, ${Math.max(1, Math.floor(spanMs / runs))})`);
  }
  const kind = `CASE WHEN n % 20011 = 7 THEN 'lost' WHEN dice < 600 THEN 'stopped_by_policy' WHEN dice < 760 THEN 'completed'
    WHEN dice < 860 THEN 'oom_killed' WHEN dice < 940 THEN 'app_error' WHEN dice < 970 THEN 'handshake_failed'
    WHEN dice < 985 THEN 'stop_timeout' ELSE 'crashed_signal' END`;
  const server = `CASE WHEN n % 25013 = 11 THEN 'rare-server' ELSE printf('server-%02d', other % 40) END`;
  database.exec(`${numbersSql(from, to)}, judged AS (SELECT *, ${kind} AS kind, ${server} AS server FROM numbers)
    INSERT INTO "Run" ("id", "server", "state", "verdictKind", "verdictSummary", "verdictJson", "isolation",
      "engineContext", "engineEndpoint", "isolationReportJson", "containerId", "containerName", "image", "imageDigest",
      "commandJson", "dockerRunArgsJson", "memoryLimitBytes", "cpuLimit", "pidsLimit", "network", "startedAt", "readyAt",
      "endedAt", "durationMs", "createMs", "startMs", "initializeMs", "exitCode", "oomKilled", "peakMemoryBytes", "attempt",
      "trigger", "sessions", "callsTotal", "callsInFlightJson", "stderrTailJson", "ownerPid", "ownerProcessStartedAt")
    SELECT ${idSql}, server, 'ended', kind, 'Ended as ' || kind || CASE WHEN n % 50021 = 3 THEN ' needle' ELSE '' END,
      json_object('kind', kind, 'confidence', 'certain', 'summary', 'Ended as ' || kind, 'remedy', 'Raise memory_limit.',
        'evidence', json('[{"source":"event","at":"2026-11-23T19:00:00.000Z","text":"oom"},{"source":"inspect","text":"OOMKilled=true, exit code 137"},{"source":"memory","text":"Peak 512 MiB of 512 MiB"}]')),
      'docker', 'default', 'unix:///var/run/docker.sock', '${quoted(report)}', printf('%064x', n), 'mcpproxy-' || server || '-x7k2',
      CASE other % 5 WHEN 0 THEN 'python:3.11' WHEN 1 THEN 'my/server:1' ELSE 'node:20' END, printf('sha256:%064x', other),
      '["npx","-y","@example/server"]', '${quoted(dockerRunArgs)}', 536870912, 1.0, 256, 'bridge', ${startedAtSql},
      ${startedAtSql} + 700, ${startedAtSql} + 60000 + dice * 1000, 60000 + dice * 1000, 90, 150, 460,
      CASE kind WHEN 'oom_killed' THEN 137 WHEN 'app_error' THEN 1 + n % 3 WHEN 'crashed_signal' THEN 139 ELSE 0 END,
      kind = 'oom_killed', 90000000 + dice * 400000, 1, 'eager', 1, dice, '[]',
      json_array(${Array.from({ length: 6 }, () => `'${quoted(stderrLine)}'`).join(", ")}), 1, '1' FROM judged`);
}

function insertEvents(database: DatabaseSync, { from, to, count }: { from: number; to: number; count: number }): void {
  const kinds = ["decided", "created", "started", "initialized", "stop-intended", "stdin-closed", "died", "ended"];
  for (const kind of kinds.slice(0, count)) {
    database.exec(`${numbersSql(from, to)} INSERT INTO "RunEvent" ("runId", "at", "kind", "message", "durationMs")
      SELECT ${idSql}, ${startedAtSql} + 100, '${kind}', 'What happened at this step of the run.', 120 FROM numbers`);
  }
}

/** As MCPProxy packs them. */
function packedSamples(count: number): Uint8Array {
  const steps = Array.from({ length: count }, (_unused, index) => index);
  const columns = {
    atMs: steps.map((step) => (step === 0 ? Date.now() : 1_000 + (step % 7))),
    memoryBytes: steps.map((step) => (step === 0 ? 60_000_000 : ((step * 7919) % 65_536) * 16 - 500_000)),
    peakBytes: steps.map((step) => (step === 0 ? 61_000_000 : step % 3 === 0 ? 131_072 : 0)),
  };
  return deflateRawSync(JSON.stringify(columns));
}

function quoted(text: string): string {
  return text.replaceAll("'", "''");
}
