-- AlterTable
ALTER TABLE "Run" ADD COLUMN "fingerprint" TEXT;

-- CreateTable
CREATE TABLE "FailureGroup" (
    "fingerprint" TEXT NOT NULL PRIMARY KEY,
    "server" TEXT NOT NULL,
    "verdictKind" TEXT NOT NULL,
    "exitCode" BIGINT,
    "line" TEXT NOT NULL,
    "decision" TEXT,
    "decidedAt" DATETIME,
    "decidedBy" TEXT,
    "snoozedUntil" DATETIME,
    "note" TEXT,
    "assignee" TEXT
);

-- CreateTable
CREATE TABLE "FailureTally" (
    "fingerprint" TEXT NOT NULL,
    "day" INTEGER NOT NULL,
    "runs" INTEGER NOT NULL,
    "calls" INTEGER NOT NULL,

    PRIMARY KEY ("fingerprint", "day")
);

-- CreateIndex
CREATE INDEX "FailureGroup_server_idx" ON "FailureGroup"("server");

-- CreateIndex
CREATE INDEX "AuditEntry_action_id_idx" ON "AuditEntry"("action", "id");

-- CreateIndex
CREATE INDEX "Run_fingerprint_endedAt_id_idx" ON "Run"("fingerprint", "endedAt", "id");

-- By hand: schema.prisma has no triggers. A later migration that rebuilds "Run" must make them again; a test sees when they are missing.

-- Runs of earlier versions that failed wait for their fingerprint, which SQL cannot make; before the triggers, which would count them.
UPDATE "Run" SET "fingerprint" = '' WHERE "endedAt" IS NOT NULL AND "groupId" IN (
    SELECT "id" FROM "RunGroup" WHERE "verdictKind" IN (
        'oom_killed', 'oom_child', 'oom_likely', 'oom_heap', 'host_oom', 'stop_timeout', 'killed_outside', 'sigkill_unknown',
        'crashed_signal', 'app_error', 'start_failed', 'image_failed', 'handshake_failed', 'package_failed', 'engine_unavailable', 'lost'
    )
);

CREATE TRIGGER "Run_failure_insert" AFTER INSERT ON "Run" WHEN NEW."fingerprint" <> '' AND NEW."endedAt" IS NOT NULL BEGIN
    INSERT INTO "FailureTally" ("fingerprint", "day", "runs", "calls")
    VALUES (NEW."fingerprint", NEW."endedAt" / 86400000, 1, json_array_length(NEW."callsInFlightJson"))
    ON CONFLICT DO UPDATE SET "runs" = "runs" + 1, "calls" = "calls" + excluded."calls";
END;

CREATE TRIGGER "Run_failure_update" AFTER UPDATE OF "fingerprint", "endedAt", "callsInFlightJson" ON "Run"
WHEN NEW."fingerprint" IS NOT OLD."fingerprint" OR NEW."endedAt" IS NOT OLD."endedAt" OR NEW."callsInFlightJson" IS NOT OLD."callsInFlightJson"
BEGIN
    UPDATE "FailureTally" SET "runs" = "runs" - 1, "calls" = "calls" - json_array_length(OLD."callsInFlightJson")
    WHERE "fingerprint" = OLD."fingerprint" AND "day" = OLD."endedAt" / 86400000;
    DELETE FROM "FailureTally" WHERE "fingerprint" = OLD."fingerprint" AND "day" = OLD."endedAt" / 86400000 AND "runs" <= 0;
    INSERT INTO "FailureTally" ("fingerprint", "day", "runs", "calls")
    SELECT NEW."fingerprint", NEW."endedAt" / 86400000, 1, json_array_length(NEW."callsInFlightJson")
    WHERE NEW."fingerprint" <> '' AND NEW."endedAt" IS NOT NULL
    ON CONFLICT DO UPDATE SET "runs" = "runs" + 1, "calls" = "calls" + excluded."calls";
END;

CREATE TRIGGER "Run_failure_delete" AFTER DELETE ON "Run" WHEN OLD."fingerprint" <> '' AND OLD."endedAt" IS NOT NULL BEGIN
    UPDATE "FailureTally" SET "runs" = "runs" - 1, "calls" = "calls" - json_array_length(OLD."callsInFlightJson")
    WHERE "fingerprint" = OLD."fingerprint" AND "day" = OLD."endedAt" / 86400000;
    DELETE FROM "FailureTally" WHERE "fingerprint" = OLD."fingerprint" AND "day" = OLD."endedAt" / 86400000 AND "runs" <= 0;
END;
