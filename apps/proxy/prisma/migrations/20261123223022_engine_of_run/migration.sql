-- AlterTable
ALTER TABLE "Run" ADD COLUMN "engineContext" TEXT;
ALTER TABLE "Run" ADD COLUMN "engineEndpoint" TEXT;
ALTER TABLE "Run" ADD COLUMN "isolationReportJson" TEXT;
