/** The folders of the server, in memory: unlike the queue, they outlive a restart. */
export interface Files {
  /** @returns the name under which it is kept */
  upload(name: string, bytes: Uint8Array): string;
  /** @returns what the node shows */
  save(type: "output" | "temp", prefix: string, extension: string, bytes: Uint8Array): object;
  read(type: string, name: string): Uint8Array | undefined;
  names(type: string): string[];
}

export function files(): Files {
  const kept = new Map<string, Uint8Array>();
  const keyOf = (type: string, name: string): string => `${type}/${name}`;
  return {
    upload(name, bytes) {
      const dot = name.lastIndexOf(".");
      let free = name;
      // The same picture keeps its name; another of that name gets a number.
      for (let i = 1; kept.has(keyOf("input", free)); i++) {
        if (Buffer.compare(kept.get(keyOf("input", free))!, bytes) === 0) return free;
        free = `${name.slice(0, dot)} (${i})${name.slice(dot)}`;
      }
      kept.set(keyOf("input", free), bytes);
      return free;
    },
    save(type, prefix, extension, bytes) {
      let counter = 1;
      const nameOf = (): string => `${prefix}_${String(counter).padStart(5, "0")}_.${extension}`;
      while (kept.has(keyOf(type, nameOf()))) counter++;
      kept.set(keyOf(type, nameOf()), bytes);
      return { filename: nameOf(), subfolder: "", type };
    },
    read: (type, name) => kept.get(keyOf(type, name)),
    names: (type) =>
      [...kept.keys()].filter((key) => key.startsWith(`${type}/`)).map((key) => key.slice(type.length + 1)),
  };
}
