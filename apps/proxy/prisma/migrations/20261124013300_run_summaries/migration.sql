-- CreateTable
CREATE TABLE "RunSummary" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "groupId" INTEGER NOT NULL,
    "text" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "RunSummaryTally" (
    "summaryId" INTEGER NOT NULL,
    "day" INTEGER NOT NULL,
    "runs" INTEGER NOT NULL,

    PRIMARY KEY ("summaryId", "day")
);

-- CreateIndex
CREATE UNIQUE INDEX "RunSummary_groupId_text_key" ON "RunSummary"("groupId", "text");

-- CreateIndex
CREATE INDEX "Run_groupId_verdictSummary_startedAt_id_idx" ON "Run"("groupId", "verdictSummary", "startedAt", "id");

-- By hand, as in 20261123231650: the triggers now also keep the summaries.

DROP TRIGGER "Run_group_insert";
DROP TRIGGER "Run_group_update";
DROP TRIGGER "Run_group_delete";

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
    INSERT INTO "RunSummary" ("groupId", "text")
    SELECT "groupId", "verdictSummary" FROM "Run" WHERE "id" = NEW."id" AND "verdictSummary" IS NOT NULL
    ON CONFLICT DO NOTHING;
    INSERT INTO "RunSummaryTally" ("summaryId", "day", "runs")
    SELECT "RunSummary"."id", "startedAt" / 86400000, 1 FROM "Run"
    JOIN "RunSummary" ON "RunSummary"."groupId" = "Run"."groupId" AND "text" = "verdictSummary"
    WHERE "Run"."id" = NEW."id"
    ON CONFLICT DO UPDATE SET "runs" = "runs" + 1;
END;

CREATE TRIGGER "Run_group_update" AFTER UPDATE OF "server", "verdictKind", "verdictSummary", "state", "image", "exitCode", "startedAt" ON "Run"
WHEN NEW."server" IS NOT OLD."server" OR NEW."verdictKind" IS NOT OLD."verdictKind" OR NEW."state" IS NOT OLD."state"
  OR NEW."image" IS NOT OLD."image" OR NEW."exitCode" IS NOT OLD."exitCode" OR NEW."startedAt" IS NOT OLD."startedAt"
  OR NEW."verdictSummary" IS NOT OLD."verdictSummary"
BEGIN
    UPDATE "RunTally" SET "runs" = "runs" - 1 WHERE "groupId" = OLD."groupId" AND "day" = OLD."startedAt" / 86400000;
    DELETE FROM "RunTally" WHERE "groupId" = OLD."groupId" AND "day" = OLD."startedAt" / 86400000 AND "runs" <= 0;
    UPDATE "RunSummaryTally" SET "runs" = "runs" - 1 WHERE "day" = OLD."startedAt" / 86400000
      AND "summaryId" = (SELECT "id" FROM "RunSummary" WHERE "groupId" = OLD."groupId" AND "text" = OLD."verdictSummary");
    DELETE FROM "RunSummaryTally" WHERE "day" = OLD."startedAt" / 86400000 AND "runs" <= 0
      AND "summaryId" = (SELECT "id" FROM "RunSummary" WHERE "groupId" = OLD."groupId" AND "text" = OLD."verdictSummary");
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
    INSERT INTO "RunSummary" ("groupId", "text")
    SELECT "groupId", "verdictSummary" FROM "Run" WHERE "id" = NEW."id" AND "verdictSummary" IS NOT NULL
    ON CONFLICT DO NOTHING;
    INSERT INTO "RunSummaryTally" ("summaryId", "day", "runs")
    SELECT "RunSummary"."id", "startedAt" / 86400000, 1 FROM "Run"
    JOIN "RunSummary" ON "RunSummary"."groupId" = "Run"."groupId" AND "text" = "verdictSummary"
    WHERE "Run"."id" = NEW."id"
    ON CONFLICT DO UPDATE SET "runs" = "runs" + 1;
END;

CREATE TRIGGER "Run_group_delete" AFTER DELETE ON "Run" BEGIN
    UPDATE "RunTally" SET "runs" = "runs" - 1 WHERE "groupId" = OLD."groupId" AND "day" = OLD."startedAt" / 86400000;
    DELETE FROM "RunTally" WHERE "groupId" = OLD."groupId" AND "day" = OLD."startedAt" / 86400000 AND "runs" <= 0;
    UPDATE "RunSummaryTally" SET "runs" = "runs" - 1 WHERE "day" = OLD."startedAt" / 86400000
      AND "summaryId" = (SELECT "id" FROM "RunSummary" WHERE "groupId" = OLD."groupId" AND "text" = OLD."verdictSummary");
    DELETE FROM "RunSummaryTally" WHERE "day" = OLD."startedAt" / 86400000 AND "runs" <= 0
      AND "summaryId" = (SELECT "id" FROM "RunSummary" WHERE "groupId" = OLD."groupId" AND "text" = OLD."verdictSummary");
END;

-- The runs of earlier versions.
INSERT INTO "RunSummary" ("groupId", "text")
SELECT DISTINCT "groupId", "verdictSummary" FROM "Run" WHERE "verdictSummary" IS NOT NULL;
INSERT INTO "RunSummaryTally" ("summaryId", "day", "runs")
SELECT "RunSummary"."id", "startedAt" / 86400000, count(*) FROM "Run"
JOIN "RunSummary" ON "RunSummary"."groupId" = "Run"."groupId" AND "text" = "verdictSummary"
GROUP BY 1, 2;
