-- DropIndex
DROP INDEX "Run_state_startedAt_id_idx";

-- DropIndex
DROP INDEX "Run_verdictKind_startedAt_id_idx";

-- DropIndex
DROP INDEX "Run_server_startedAt_id_idx";

-- DropIndex
DROP INDEX "Run_startedAt_id_idx";

-- AlterTable
ALTER TABLE "Run" ADD COLUMN "groupId" INTEGER;

-- CreateTable
CREATE TABLE "RunGroup" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "server" TEXT NOT NULL,
    "verdictKind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "image" TEXT NOT NULL,
    "exitCode" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "RunTally" (
    "groupId" INTEGER NOT NULL,
    "day" INTEGER NOT NULL,
    "runs" INTEGER NOT NULL,

    PRIMARY KEY ("groupId", "day")
);

-- CreateTable
CREATE TABLE "RunSampleSeries" (
    "runId" TEXT NOT NULL PRIMARY KEY,
    "packed" BLOB NOT NULL,
    CONSTRAINT "RunSampleSeries_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RunReview" (
    "runId" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "note" TEXT,
    "actor" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    CONSTRAINT "RunReview_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "server" TEXT,
    "runId" TEXT,
    "detail" TEXT
);

-- CreateTable
CREATE TABLE "EngineOutage" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "context" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "from" DATETIME NOT NULL,
    "to" DATETIME
);

-- CreateIndex
CREATE UNIQUE INDEX "RunGroup_server_verdictKind_state_image_exitCode_key" ON "RunGroup"("server", "verdictKind", "state", "image", "exitCode");

-- CreateIndex
CREATE INDEX "AuditEntry_server_id_idx" ON "AuditEntry"("server", "id");

-- CreateIndex
CREATE INDEX "EngineOutage_endpoint_to_idx" ON "EngineOutage"("endpoint", "to");

-- CreateIndex
CREATE INDEX "Run_startedAt_id_groupId_verdictSummary_idx" ON "Run"("startedAt", "id", "groupId", "verdictSummary");

-- CreateIndex
CREATE INDEX "Run_groupId_startedAt_id_idx" ON "Run"("groupId", "startedAt", "id");

-- By hand: schema.prisma has no triggers. A later migration that rebuilds "Run" must make them again; a test sees when they are missing.

CREATE TRIGGER "Run_group_insert" AFTER INSERT ON "Run" BEGIN
    INSERT INTO "RunGroup" ("server", "verdictKind", "state", "image", "exitCode")
    VALUES (NEW."server", ifnull(NEW."verdictKind", ''), NEW."state", ifnull(NEW."image", ''), ifnull(CAST(NEW."exitCode" AS TEXT), ''))
    ON CONFLICT DO NOTHING;
    UPDATE "Run" SET "groupId" = (
        SELECT "id" FROM "RunGroup"
        WHERE "server" = NEW."server" AND "verdictKind" = ifnull(NEW."verdictKind", '') AND "state" = NEW."state"
          AND "image" = ifnull(NEW."image", '') AND "exitCode" = ifnull(CAST(NEW."exitCode" AS TEXT), '')
    ) WHERE "id" = NEW."id";
    INSERT INTO "RunTally" ("groupId", "day", "runs")
    SELECT "groupId", "startedAt" / 86400000, 1 FROM "Run" WHERE "id" = NEW."id"
    ON CONFLICT DO UPDATE SET "runs" = "runs" + 1;
END;

CREATE TRIGGER "Run_group_update" AFTER UPDATE OF "server", "verdictKind", "state", "image", "exitCode", "startedAt" ON "Run"
WHEN NEW."server" IS NOT OLD."server" OR NEW."verdictKind" IS NOT OLD."verdictKind" OR NEW."state" IS NOT OLD."state"
  OR NEW."image" IS NOT OLD."image" OR NEW."exitCode" IS NOT OLD."exitCode" OR NEW."startedAt" IS NOT OLD."startedAt"
BEGIN
    UPDATE "RunTally" SET "runs" = "runs" - 1 WHERE "groupId" = OLD."groupId" AND "day" = OLD."startedAt" / 86400000;
    DELETE FROM "RunTally" WHERE "groupId" = OLD."groupId" AND "day" = OLD."startedAt" / 86400000 AND "runs" <= 0;
    INSERT INTO "RunGroup" ("server", "verdictKind", "state", "image", "exitCode")
    VALUES (NEW."server", ifnull(NEW."verdictKind", ''), NEW."state", ifnull(NEW."image", ''), ifnull(CAST(NEW."exitCode" AS TEXT), ''))
    ON CONFLICT DO NOTHING;
    UPDATE "Run" SET "groupId" = (
        SELECT "id" FROM "RunGroup"
        WHERE "server" = NEW."server" AND "verdictKind" = ifnull(NEW."verdictKind", '') AND "state" = NEW."state"
          AND "image" = ifnull(NEW."image", '') AND "exitCode" = ifnull(CAST(NEW."exitCode" AS TEXT), '')
    ) WHERE "id" = NEW."id";
    INSERT INTO "RunTally" ("groupId", "day", "runs")
    SELECT "groupId", "startedAt" / 86400000, 1 FROM "Run" WHERE "id" = NEW."id"
    ON CONFLICT DO UPDATE SET "runs" = "runs" + 1;
END;

CREATE TRIGGER "Run_group_delete" AFTER DELETE ON "Run" BEGIN
    UPDATE "RunTally" SET "runs" = "runs" - 1 WHERE "groupId" = OLD."groupId" AND "day" = OLD."startedAt" / 86400000;
    DELETE FROM "RunTally" WHERE "groupId" = OLD."groupId" AND "day" = OLD."startedAt" / 86400000 AND "runs" <= 0;
END;

-- The runs of earlier versions.
INSERT INTO "RunGroup" ("server", "verdictKind", "state", "image", "exitCode")
SELECT DISTINCT "server", ifnull("verdictKind", ''), "state", ifnull("image", ''), ifnull(CAST("exitCode" AS TEXT), '') FROM "Run";
UPDATE "Run" SET "groupId" = (
    SELECT "id" FROM "RunGroup"
    WHERE "RunGroup"."server" = "Run"."server" AND "RunGroup"."verdictKind" = ifnull("Run"."verdictKind", '')
      AND "RunGroup"."state" = "Run"."state" AND "RunGroup"."image" = ifnull("Run"."image", '')
      AND "RunGroup"."exitCode" = ifnull(CAST("Run"."exitCode" AS TEXT), '')
);
INSERT INTO "RunTally" ("groupId", "day", "runs")
SELECT "groupId", "startedAt" / 86400000, count(*) FROM "Run" GROUP BY 1, 2;
