import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import tls, { createServer, type Server, type TlsOptions, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import { createAuthority, issueSelfSigned, whyNoCertificates, type Authority, type Certificate } from '../support/certificates.ts';
import { buildCli, buildProgram, sandboxEnvironment, startCli, type CliEnd } from '../support/cli.ts';
import type { TlsAnswer, TlsStep } from '../support/tls-client.ts';

const why = await whyNoCertificates();
if (why) console.warn(`TLS is not tested: ${why}.`);

let folder: string;
let trusted: Authority;
let good: Certificate;
let certificates: Record<'self-signed' | 'an authority\'s own' | 'of a stranger' | 'for another host' | 'of yesterday', Certificate>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ferry-tls-'));
  if (why) return;
  trusted = await createAuthority(folder, 'trusted');
  const stranger = await createAuthority(folder, 'stranger');
  good = await trusted.issue('good', ['DNS:localhost']);
  certificates = {
    'self-signed': await issueSelfSigned(folder, 'self', ['DNS:localhost']),
    'an authority\'s own': stranger,
    'of a stranger': await stranger.issue('strangers', ['DNS:localhost']),
    'for another host': await trusted.issue('another', ['DNS:elsewhere.example']),
    'of yesterday': await trusted.issue('yesterday', ['DNS:localhost'], -1),
  };
});

afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

const codes = {
  'self-signed': /SELF_SIGNED/, 'an authority\'s own': /INVALID_PURPOSE/, 'of a stranger': /UNABLE_TO/, 'for another host': /ALTNAME/, 'of yesterday': /EXPIRED/,
} as const;
const bad = Object.keys(codes) as (keyof typeof codes)[];

interface TlsServer {
  readonly host: (name: string) => string;
  readonly connections: TLSSocket[];
  /** Of each connection, whether it has resumed a session. */
  readonly resumed: boolean[];
  /** Bytes that came on them, when they were readable. */
  readonly received: () => number;
  /** From now on it says that it is another. */
  become(certificate: Certificate): void;
}

let server: Server;

function pem({ certFile, keyFile }: Certificate): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(certFile), key: readFileSync(keyFile) };
}

async function listen(certificate: Certificate, serve: (connection: TLSSocket, requests: number) => void, options: TlsOptions = {}): Promise<TlsServer> {
  const connections: TLSSocket[] = [];
  const resumed: boolean[] = [];
  let received = 0;
  server = createServer({ ...pem(certificate), ...options }, (connection) => {
    connections.push(connection);
    resumed.push(connection.isSessionReused());
    let requests = 0;
    connection.on('error', () => undefined);
    connection.on('data', (chunk) => {
      received += chunk.length;
      if (chunk.includes('PUT ')) serve(connection, requests += 1);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { host: (name) => `${name}:${port}`, connections, resumed, received: () => received, become: (other) => { server.setSecureContext(pem(other)); } };
}

const ok = (more = '') => `HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${more}\r\n`;

describe.skipIf(why)('a connection', () => {
  let program: string;
  let child: ChildProcess;
  let answers: AsyncIterator<string>;

  beforeAll(async () => { program = await buildProgram('test/support/tls-client.ts', 'tls'); });

  afterEach(() => {
    child.kill();
    server.close();
  });

  function startClient(environment: Record<string, string> = { NODE_EXTRA_CA_CERTS: trusted.certFile }): void {
    child = spawn(process.execPath, [program], { env: { PATH: process.env['PATH'], ...environment }, stdio: ['pipe', 'pipe', 'inherit'] });
    answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  async function send(way: TlsStep['way'], host: string): Promise<TlsAnswer> {
    child.stdin!.write(`${JSON.stringify({ way, host } satisfies TlsStep)}\n`);
    return JSON.parse((await answers.next()).value as string) as TlsAnswer;
  }

  describe.each(['socket', 'agent', 'ahead'] as const)('(%s)', (way) => {
    test('is made with who has a certificate for that name of an authority that is trusted', async () => {
      const { host, connections } = await listen(good, (connection) => { connection.write(ok()); });
      startClient();
      expect(await send(way, host('localhost'))).toEqual({ status: 200 });
      expect(await send(way, host('localhost'))).toEqual({ status: 200 });
      expect(connections.length).toBe(way === 'ahead' ? 2 : 1);
    });

    test('is not made where that authority is not trusted', async () => {
      const { host, received } = await listen(good, (connection) => { connection.write(ok()); });
      startClient({});
      expect(await send(way, host('localhost'))).toMatchObject({ code: expect.stringMatching(/UNABLE_TO/) as string });
      expect(received()).toBe(0);
    });

    test.each(bad)('is not made with who has a certificate that is %s, and no byte of the request is sent, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async (what) => {
      const { host, received } = await listen(certificates[what], (connection) => { connection.write(ok()); });
      startClient({ NODE_EXTRA_CA_CERTS: trusted.certFile, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' });
      for (let round = 0; round < 3; round++) expect(await send(way, host('localhost'))).toMatchObject({ code: expect.stringMatching(codes[what]) as string });
      expect(received()).toBe(0);
    });

    test.each(['TLSv1.2', 'TLSv1.3'] as const)('resumes its session with %s, and another name at the same address does not', async (maxVersion) => {
      const { host, resumed, received } = await listen(good, (connection) => { connection.end(ok('Connection: close\r\n')); }, { maxVersion });
      startClient();
      const answered = [await send(way, host('localhost')), await send(way, host('localhost')), await send(way, host('localhost'))];
      expect(answered).toEqual([{ status: 200 }, { status: 200 }, { status: 200 }]);
      // What is opened ahead is no session that an agent keeps.
      if (way !== 'ahead') expect(resumed).toEqual([false, true, true]);
      const before = received();
      expect(await send(way, host('127.0.0.1'))).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
      expect(received()).toBe(before);
      expect(await send(way, host('localhost'))).toEqual({ status: 200 });
    });

    test('with a session of before is looked at anew where the server has become another', async () => {
      const { host, received, become } = await listen(good, (connection) => { connection.end(ok('Connection: close\r\n')); });
      startClient();
      for (let round = 0; round < 2; round++) expect(await send(way, host('localhost'))).toEqual({ status: 200 });
      const before = received();
      become(certificates['of a stranger']);
      expect(await send(way, host('localhost'))).toMatchObject({ code: expect.stringMatching(/UNABLE_TO/) as string });
      expect(received()).toBe(before);
      become(good);
      expect(await send(way, host('localhost'))).toEqual({ status: 200 });
    });

    test('that was idle and is closed as it is taken is no failure', async () => {
      const { host, connections } = await listen(good, (connection, requests) => { if (requests > 1) connection.destroy(); else connection.write(ok()); });
      startClient();
      for (let round = 0; round < 4; round++) expect(await send(way, host('localhost'))).toEqual({ status: 200 });
      expect(connections.length).toBeGreaterThan(2);
    });
  });
});

describe.skipIf(why)('the command line', () => {
  let cli: string;
  let sandbox: Sandbox;
  let directory: string;
  let state = 0;

  beforeAll(async () => { cli = await buildCli('tls-cli'); });

  beforeEach(async () => {
    directory = path.join(folder, `run-${state += 1}`);
    await mkdir(path.join(directory, 'many'), { recursive: true });
    await writeFile(path.join(directory, 'large.bin'), randomBytes(9_000_000));
    for (let count = 0; count < 20; count++) await writeFile(path.join(directory, 'many', `${count}.bin`), randomBytes(10_000));
    sandbox = await startSandbox({ directory: path.join(directory, 'sandbox') });
  });

  afterEach(async () => {
    server.close();
    await sandbox.close();
  });

  /** The sandbox behind TLS; settles with its URL. */
  async function behindTls(certificate: Certificate): Promise<string> {
    server = createServer(pem(certificate), (connection) => {
      const onward = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
      connection.pipe(onward).pipe(connection);
      connection.on('error', () => onward.destroy()).on('close', () => onward.destroy());
      onward.on('error', () => connection.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `https://localhost:${(server.address() as { port: number }).port}`;
  }

  function upload(source: string, options: readonly string[], environment: Record<string, string>): Promise<CliEnd> {
    const args = ['upload', '--state-dir', path.join(directory, 'state'), '--service', 'ms', ...options, path.join(directory, source)];
    return startCli(cli, args, { ...sandboxEnvironment(sandbox), ...environment }).ended;
  }

  test.each([['large.bin', 1], ['many', 20]])('sends %s to who can be trusted', async (source, objects) => {
    const url = await behindTls(good);
    const end = await upload(source, [], { COS_FERRY_API_ENDPOINT: url, COS_FERRY_COS_DOMAIN: url, NODE_EXTRA_CA_CERTS: trusted.certFile });
    expect(end).toMatchObject({ status: 0 });
    expect(await sandbox.listObjects()).toHaveLength(objects);
  });

  test.each([['large.bin', 1], ['many', 20]])('sends %s to who can be trusted as the system says, where this Node can be told', async (source, objects) => {
    const url = await behindTls(good);
    const end = await upload(source, ['--json'], { COS_FERRY_API_ENDPOINT: url, COS_FERRY_COS_DOMAIN: url, SSL_CERT_FILE: trusted.certFile });
    const isTold = 'setDefaultCACertificates' in tls;
    expect(end.status).toBe(isTold ? 0 : 1);
    expect(await sandbox.listObjects()).toHaveLength(isTold ? objects : 0);
    if (!isTold) expect(end.events.filter(({ event }) => event === 'failed').map(({ code }) => code)).toContain('store-not-trusted');
  });

  test.each([['large.bin'], ['many']])('does not send %s to who is trusted neither by Node nor by the system', async (source) => {
    const url = await behindTls(certificates['of a stranger']);
    const end = await upload(source, ['--json'], { COS_FERRY_COS_DOMAIN: url, SSL_CERT_FILE: trusted.certFile });
    expect(end.events.filter(({ event }) => event === 'failed').map(({ code }) => code)).toContain('store-not-trusted');
    expect(await sandbox.listObjects()).toEqual([]);
  });

  test.each(bad.flatMap((what) => [['large.bin', what], ['many', what]] as const))('tells of %s that the certificate is %s, and does not wait for another', async (source, what) => {
    const url = await behindTls(certificates[what]);
    const end = await upload(source, ['--json'], { COS_FERRY_COS_DOMAIN: url, NODE_EXTRA_CA_CERTS: trusted.certFile, NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(end.status).toBe(1);
    const failed = end.events.filter(({ event }) => event === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    for (const each of failed) {
      expect(each).toMatchObject({ code: 'store-not-trusted', detail: expect.stringMatching(/certificate/) as string, message: expect.stringMatching(/^localhost:\d+ could not prove with a valid certificate/) as string });
    }
    expect(end.events.some(({ event }) => event === 'offline')).toBe(false);
    expect(sandbox.requests().map(({ operation }) => operation)).toEqual(['CreateCosSecKeyInstance']);
  });

  test('tells it of the service too, with what is wrong', async () => {
    const url = await behindTls(certificates['of yesterday']);
    const end = await upload('large.bin', [], { COS_FERRY_API_ENDPOINT: url, NODE_EXTRA_CA_CERTS: trusted.certFile, NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(end.stderr).toMatch(/could not prove with a valid certificate[^]*store-not-trusted\n {2}certificate has expired\n/);
    expect(end.status).not.toBe(0);
    expect(sandbox.requests()).toEqual([]);
  });
});
