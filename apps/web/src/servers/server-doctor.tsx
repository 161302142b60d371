"use client";

import { ExaminationSection } from "../isolation/examination-section.tsx";
import { useServer } from "./use-server.ts";

/** The guide's seven steps for one server. */
export function ServerDoctor({ name }: { name: string }) {
  const server = useServer(name);
  return server === undefined ? null : <ExaminationSection key={name} server={server} />;
}
