"use client";

import { useEffect, useState } from "react";

/** The value as soon as it has not changed for a while: what is typed is asked about once, not for each letter. */
export function useSettled<Value>(value: Value, quietMs = 250): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), quietMs);
    return () => clearTimeout(timer);
  }, [value, quietMs]);
  return settled;
}
