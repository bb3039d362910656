import type { GenerateContext, Preview } from "@sluice/engine";

/** What is said about a picture in the making, while its server can be seen and while it cannot. */
export interface ToldProgress {
  tell(share: number, message: string): void;
  show(preview: Preview): void;
  /** The server does not answer: what was told last is no longer what happens. */
  lost(): void;
  /** It answers again, which takes back that it does not. */
  found(): void;
}

const AWAY = "ComfyUI does not answer; looking again";

export function toldProgress({ progress }: Pick<GenerateContext, "progress">): ToldProgress {
  let share = 0;
  let message = "";
  let away = false;
  return {
    tell(newShare, newMessage) {
      away = false;
      share = newShare;
      message = newMessage;
      progress(share, message);
    },
    show: (preview) => progress(share, message, preview),
    lost() {
      away = true;
      progress(share, AWAY);
    },
    found() {
      if (!away) return;
      away = false;
      progress(share, message === "" ? "ComfyUI answers again" : message);
    },
  };
}
