-- CreateTable
CREATE TABLE "ServerLists" (
    "server" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "listsJson" TEXT NOT NULL
);
