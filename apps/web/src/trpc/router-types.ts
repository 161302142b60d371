import type { inferRouterOutputs } from "@trpc/server";
import type { Router } from "@mcpproxy/proxy/router";

type Outputs = inferRouterOutputs<Router>;

export type Status = Outputs["status"];
export type Server = Outputs["servers"]["byName"];
export type ServerList = Outputs["servers"]["list"];
export type Contexts = Outputs["docker"]["contexts"];
export type Caches = Outputs["caches"]["list"];
export type PrunedCaches = Outputs["caches"]["prune"];
export type Run = Outputs["runs"]["byId"];
export type Overview = Outputs["overview"];
export type FailureList = Outputs["failures"]["list"];
export type FailureGroup = FailureList["groups"][number];
export type LimitCards = Outputs["limitAdvice"];
export type RunPage = Outputs["runs"]["list"];
export type RunFacets = Outputs["runs"]["facets"];
export type RunHistogram = Outputs["runs"]["histogram"];
export type RunChangesData = Outputs["runs"]["changes"];
export type RunEvents = Outputs["runs"]["events"];
export type RunSamples = Outputs["runs"]["samples"];
export type ToolList = NonNullable<Outputs["servers"]["tools"]>;
export type Tool = ToolList["tools"][number];
export type ToolOutcome = Outputs["servers"]["callTool"];
export type EditProposal = Outputs["servers"]["proposeIsolation"];
export type DiffLine = Extract<EditProposal, { kind: "valid" }>["diff"][number];
export type { Router };
