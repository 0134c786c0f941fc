import koffi from 'koffi';

/** Linux's fcntl(2), for which Node has no call. */
const F_SETPIPE_SZ = 1031;

/** What Linux lets anybody have: /proc/sys/fs/pipe-max-size. Of the 64 KiB that a pipe has at first, its two ends would wait for each other all the time. */
const PIPE_BYTES = 1024 * 1024;

const fcntl = process.platform === 'linux' ? findFcntl() : undefined;

/** Lets the pipe hold 1 MiB, if it may be so much: the size is a matter of speed alone. */
export function enlargePipe(fd: number): void {
  fcntl?.(fd, F_SETPIPE_SZ, 'int', PIPE_BYTES);
}

/** In the C library that Node runs on, whichever it is. */
function findFcntl() {
  try {
    return koffi.load(null).func('int fcntl(int fd, int command, ...)');
  } catch {
    return undefined;
  }
}
