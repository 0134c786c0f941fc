import koffi from 'koffi';

/** The command F_SETPIPE_SZ of Linux's fcntl(2), for which Node has no call. */
const F_SETPIPE_SZ = 1031;

/**
 * The size that Linux permits every process: /proc/sys/fs/pipe-max-size. With a pipe's initial 64 KiB, its two ends
 * would wait for each other all the time.
 */
const PIPE_BYTES = 1024 * 1024;

const fcntl = process.platform === 'linux' ? findFcntl() : undefined;

/** Enlarges the pipe to 1 MiB, if that is permitted. The size affects only speed. */
export function enlargePipe(fd: number): void {
  fcntl?.(fd, F_SETPIPE_SZ, 'int', PIPE_BYTES);
}

/** Returns fcntl from the C library that Node runs on, whichever that is. */
function findFcntl() {
  try {
    return koffi.load(null).func('int fcntl(int fd, int command, ...)');
  } catch {
    return undefined;
  }
}
