import { NumberInput } from "@mantine/core";
import { useState } from "react";
import type { TypedNumber } from "../../lib/typed-number.ts";

interface NumberFieldProps {
  readonly label: string;
  /** What the document says; anything but a number shows as nothing. */
  readonly value: unknown;
  readonly placeholder?: string | undefined;
  readonly description?: string;
  readonly step?: number;
  /** Undefined takes the value away. */
  readonly onChange: (value: number | undefined) => void;
}

/** A number of the document. What is typed stays as it is typed, such as "0." on the way to "0.8". */
export function NumberField({ value, onChange, ...props }: NumberFieldProps) {
  const outside = typeof value === "number" ? value : "";
  const [last, setLast] = useState<TypedNumber>(outside);
  const [typed, setTyped] = useState<TypedNumber>(outside);
  if (outside !== last) {
    setLast(outside);
    if (outside === "" || Number(typed) !== outside) setTyped(outside);
  }
  return (
    <NumberInput
      {...props}
      size="sm"
      clampBehavior="none"
      value={typed}
      onChange={(next) => {
        setTyped(next);
        const number = next === "" ? undefined : Number(next);
        if (!Number.isNaN(number)) onChange(number);
      }}
    />
  );
}
