import type { WriteStream } from "node:tty";

/** How far a long piece of work is. */
type Progress = Readonly<{ doneBytes: number; totalBytes: number; hashes: number }>;

const BAR_SIGNS = 24;
const TERMINAL_EVERY_MS = 250;
const LOG_EVERY_MS = 10_000;

/**
 * Shows progress with a bar, the rate and the time left: on a terminal one line that is written over, elsewhere a line
 * every ten seconds.
 */
export function createMeter(stream: Pick<WriteStream, "write"> & Readonly<{ isTTY?: boolean }>, now = Date.now) {
  const isTerminal = stream.isTTY === true;
  const everyMs = isTerminal ? TERMINAL_EVERY_MS : LOG_EVERY_MS;
  let first: Readonly<{ atMs: number; progress: Progress }> | undefined;
  let shownMs = now();
  let isLineOpen = false;
  return {
    show: (progress: Progress): void => {
      const atMs = now();
      first ??= { atMs, progress };
      if (atMs - shownMs < everyMs) return;
      shownMs = atMs;
      const text = line(progress, first.progress, (atMs - first.atMs) / 1000);
      stream.write(isTerminal ? `\r${text}\u001b[K` : `${text}\n`);
      isLineOpen = isTerminal;
    },
    end: (): void => {
      if (isLineOpen) stream.write("\n");
    },
  };
}

function line(progress: Progress, first: Progress, seconds: number): string {
  const share = progress.totalBytes === 0 ? 1 : progress.doneBytes / progress.totalBytes;
  const full = Math.round(share * BAR_SIGNS);
  const bar = "█".repeat(full) + "░".repeat(BAR_SIGNS - full);
  const perSecond = (progress.hashes - first.hashes) / seconds;
  const secondsLeft = (progress.totalBytes - progress.doneBytes) / ((progress.doneBytes - first.doneBytes) / seconds);
  return `${bar} ${(share * 100).toFixed(1).padStart(5)} %  ${(progress.hashes / 1e6).toFixed(1)} M hashes  ${(perSecond / 1e6).toFixed(2)} M/s  ${timeLeft(secondsLeft)} left`;
}

function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown time";
  const rounded = Math.ceil(seconds);
  if (rounded < 60) return `${rounded} s`;
  return rounded < 3600 ? `${Math.ceil(rounded / 60)} min` : `${(rounded / 3600).toFixed(1)} h`;
}
