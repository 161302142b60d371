-- CreateTable
CREATE TABLE "Run" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "server" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "verdictKind" TEXT,
    "verdictSummary" TEXT,
    "verdictJson" TEXT,
    "isolation" TEXT NOT NULL,
    "containerId" TEXT,
    "containerName" TEXT,
    "image" TEXT,
    "imageDigest" TEXT,
    "imageBuiltFromHost" TEXT,
    "commandJson" TEXT NOT NULL,
    "dockerRunArgsJson" TEXT,
    "memoryLimitBytes" BIGINT,
    "cpuLimit" REAL,
    "pidsLimit" BIGINT,
    "network" TEXT,
    "startedAt" DATETIME NOT NULL,
    "readyAt" DATETIME,
    "endedAt" DATETIME,
    "durationMs" BIGINT,
    "pullMs" BIGINT,
    "createMs" BIGINT,
    "startMs" BIGINT,
    "initializeMs" BIGINT,
    "exitCode" BIGINT,
    "signal" INTEGER,
    "oomKilled" BOOLEAN NOT NULL,
    "peakMemoryBytes" BIGINT,
    "restartOf" TEXT,
    "attempt" INTEGER NOT NULL,
    "trigger" TEXT NOT NULL,
    "stoppedBy" TEXT,
    "sessions" INTEGER NOT NULL,
    "callsTotal" BIGINT NOT NULL,
    "callsInFlightJson" TEXT NOT NULL,
    "stderrTailJson" TEXT NOT NULL,
    "ownerPid" INTEGER NOT NULL,
    "ownerProcessStartedAt" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "RunEvent" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "runId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "kind" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "durationMs" BIGINT,
    CONSTRAINT "RunEvent_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RunSample" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "runId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "memoryBytes" BIGINT NOT NULL,
    "peakBytes" BIGINT,
    CONSTRAINT "RunSample_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RunIntent" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "runId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "actor" TEXT NOT NULL,
    "reasonJson" TEXT NOT NULL,
    CONSTRAINT "RunIntent_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "BrowserSession" (
    "secretHash" TEXT NOT NULL PRIMARY KEY,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "Run_startedAt_id_idx" ON "Run"("startedAt", "id");

-- CreateIndex
CREATE INDEX "Run_server_startedAt_id_idx" ON "Run"("server", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Run_verdictKind_startedAt_id_idx" ON "Run"("verdictKind", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Run_state_startedAt_id_idx" ON "Run"("state", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Run_server_endedAt_id_idx" ON "Run"("server", "endedAt", "id");

-- CreateIndex
CREATE INDEX "RunEvent_runId_id_idx" ON "RunEvent"("runId", "id");

-- CreateIndex
CREATE INDEX "RunSample_runId_at_idx" ON "RunSample"("runId", "at");

-- CreateIndex
CREATE INDEX "RunIntent_runId_id_idx" ON "RunIntent"("runId", "id");

-- CreateIndex
CREATE INDEX "BrowserSession_expiresAt_idx" ON "BrowserSession"("expiresAt");
