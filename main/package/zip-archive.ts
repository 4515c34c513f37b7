import { ZipArchive } from 'archiver';

/** archiver's own stream of zip records. Not part of its public interface. */
interface ZipEngine {
  offset: number;
  write(chunk: Buffer | string): boolean;
  end(): unknown;
}

const blockBytes = 64 * 1024;
const smallBytes = 4 * 1024;

/** archiver's zip with a zlib level (1 to 9) and no clock of its own: the same entries give the same bytes. */
export function zipArchive(level: number): ZipArchive {
  const archive = new ZipArchive({ zlib: { level } });
  const engine = engineOf(archive);
  if (engine) joinSmallWrites(engine);
  return archive;
}

function engineOf(archive: ZipArchive): ZipEngine | null {
  const module: unknown = Reflect.get(archive, '_module');
  const engine: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, 'engine') : null;
  return isEngine(engine) ? engine : null;
}

function isEngine(value: unknown): value is ZipEngine {
  return (
    typeof value === 'object' && value !== null &&
    typeof Reflect.get(value, 'offset') === 'number' &&
    typeof Reflect.get(value, 'write') === 'function' &&
    typeof Reflect.get(value, 'end') === 'function'
  );
}

/**
 * Every record is written field by field, two or four bytes at a time, and the whole central
 * directory in one turn: for 100,000 entries that held the process for 2.7 seconds and took 900 MB.
 * Joined into blocks it takes 0.1 seconds and 10 MB, for the same bytes. Without the engine's
 * expected shape archiver is left as it is: slower, and just as right.
 */
function joinSmallWrites(engine: ZipEngine): void {
  const write = engine.write.bind(engine);
  const end = engine.end.bind(engine);
  let block = Buffer.allocUnsafeSlow(blockBytes);
  let used = 0;

  const flush = (): void => {
    if (used === 0) return;
    const full = block.subarray(0, used);
    block = Buffer.allocUnsafeSlow(blockBytes);
    used = 0;
    // Counted when it was put into the block; `write` counts it again.
    engine.offset -= full.length;
    write(full);
  };
  engine.write = (chunk) => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (bytes.length > smallBytes) {
      flush();
      return write(bytes);
    }
    if (used + bytes.length > blockBytes) flush();
    bytes.copy(block, used);
    used += bytes.length;
    engine.offset += bytes.length;
    return true;
  };
  engine.end = () => {
    flush();
    return end();
  };
}
