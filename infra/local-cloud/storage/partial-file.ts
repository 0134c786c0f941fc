import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c } from './crc32c.ts';

/** The grain in which Cloud Storage keeps what a resumable upload has sent. */
export const GRAIN = 256 * 1024;

/** An object's content on its way in: a file under a temporary name, and the checksum so far. Appends must not overlap. */
export class PartialFile {
  #path: string;
  #file: FileHandle;
  #size = 0;
  #crc = 0;
  /** Size and checksum at the last whole grain. */
  #kept = { size: 0, crc: 0 };

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async create(folder: string): Promise<PartialFile> {
    const path = join(folder, `${randomUUID()}.part`);
    return new PartialFile(path, await open(path, 'wx'));
  }

  get size(): number {
    return this.#size;
  }

  get crc(): number {
    return this.#crc;
  }

  async append(bytes: Uint8Array): Promise<void> {
    // A write may take fewer bytes than given, as when the disk fills up.
    for (let written = 0; written < bytes.length; ) {
      written += (await this.#file.write(bytes, written, bytes.length - written, this.#size + written)).bytesWritten;
    }
    const end = this.#size + bytes.length;
    const grains = end - (end % GRAIN);
    let rest = bytes;
    if (grains > this.#size) {
      const atGrain = grains - this.#size;
      this.#crc = crc32c(bytes.subarray(0, atGrain), this.#crc);
      this.#kept = { size: grains, crc: this.#crc };
      rest = bytes.subarray(atGrain);
    }
    this.#crc = crc32c(rest, this.#crc);
    this.#size = end;
  }

  /** Forgets what comes after the last whole grain. */
  rewind(): void {
    this.#size = this.#kept.size;
    this.#crc = this.#kept.crc;
  }

  /** Gives the complete content its name. */
  async moveTo(path: string): Promise<void> {
    await this.#file.truncate(this.#size);
    await this.#file.close();
    await rename(this.#path, path);
  }

  async discard(): Promise<void> {
    await this.#file.close();
    await rm(this.#path, { force: true });
  }
}
