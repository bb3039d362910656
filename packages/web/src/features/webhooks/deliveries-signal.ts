import { createContext } from "react";
import { createRefreshSignal } from "../../lib/refresh-signal.ts";

/** Messages were put in line: a test, or some that are sent again. */
export const DeliveriesSignal = createContext(createRefreshSignal());
