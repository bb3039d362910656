import { useEffect, useEffectEvent, useState } from "react";
import { type Coalesced, coalesce } from "./coalesce.ts";

/** `coalesce` for a component: always calls the latest `work`, and stops when the component leaves. */
export function useCoalesced(work: () => void, waitMs: number): Coalesced["request"] {
  const latest = useEffectEvent(work);
  const [handle] = useState<{ current: Coalesced | undefined }>(() => ({ current: undefined }));
  useEffect(() => {
    const coalesced = coalesce(() => latest(), waitMs);
    handle.current = coalesced;
    return () => {
      handle.current = undefined;
      coalesced.cancel();
    };
  }, [handle, waitMs]);
  const [request] = useState<Coalesced["request"]>(() => (patienceMs?: number) => handle.current?.request(patienceMs));
  return request;
}
