"use client";

import { createTRPCContext } from "@trpc/tanstack-react-query";
import type { Router } from "./router-types.ts";

const context = createTRPCContext<Router>();

export const TrpcProvider = context.TRPCProvider;
export const useTrpc = context.useTRPC;
export const useTrpcClient = context.useTRPCClient;
