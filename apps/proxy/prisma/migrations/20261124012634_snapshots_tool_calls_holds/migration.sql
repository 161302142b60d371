-- AlterTable
ALTER TABLE "Run" ADD COLUMN "configHash" TEXT;

-- AlterTable
ALTER TABLE "RunSample" ADD COLUMN "cpuCores" REAL;

-- CreateTable
CREATE TABLE "ConfigSnapshot" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "json" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "RunToolCalls" (
    "runId" TEXT NOT NULL,
    "tool" TEXT NOT NULL,
    "hour" INTEGER NOT NULL,
    "server" TEXT NOT NULL,
    "calls" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "cancelled" BIGINT NOT NULL,
    "totalMs" REAL NOT NULL,
    "maxMs" REAL NOT NULL,
    "bucketsJson" TEXT NOT NULL,

    PRIMARY KEY ("runId", "tool", "hour"),
    CONSTRAINT "RunToolCalls_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ServerHold" (
    "server" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "actor" TEXT NOT NULL,
    "note" TEXT,
    "configHash" TEXT NOT NULL,
    "failures" INTEGER NOT NULL
);

-- CreateIndex
CREATE INDEX "RunToolCalls_server_hour_idx" ON "RunToolCalls"("server", "hour");

-- CreateIndex
CREATE INDEX "Run_configHash_idx" ON "Run"("configHash");
