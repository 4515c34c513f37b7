import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Problem, Service } from '../../preload/contract.ts';
import { problemText } from '../../preload/locales/problem-text.ts';
import { createTranslator } from '../../preload/locales/translator.ts';
import { sandboxDraft, startEngine, type Engine } from '../support/engine.ts';

/** Whatever answers in place of the cloud, and what it was asked. */
interface Place {
  readonly url: string;
  answer: (response: ServerResponse, asked: { readonly method: string; readonly path: string }) => void;
  readonly asked: { readonly method: string; readonly path: string; readonly authorization: string }[];
  close(): void;
}

async function openPlace(): Promise<Place> {
  const server: Server = createServer((request, response) => {
    const asked = { method: request.method ?? '', path: request.url ?? '', authorization: request.headers.authorization ?? '' };
    place.asked.push(asked);
    request.resume().once('end', () => { place.answer(response, asked); });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const place: Place = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (response) => { response.end(); },
    asked: [],
    close: () => { server.close(); server.closeAllConnections(); },
  };
  return place;
}

const inOneHour = () => Math.floor(Date.now() / 1000) + 3600;
const msReply = (): Record<string, unknown> => ({
  CosAppid: 1250000000, CosBucket: 'bucket', CosRegion: 'ap-guangzhou', ExpireTime: 3600, CosId: 'id', CosKey: 'key-of-cos', CosPrefix: 'a/b', CosToken: 'token-of-cos', RequestId: 'r-1',
});
const carReply = (): Record<string, unknown> => ({
  SecretID: 'id', SecretKey: 'key-of-cos', SessionToken: 'token-of-cos', CosBucket: 'bucket-1250000000', CosRegion: 'ap-guangzhou', Path: '1/app/a.zip', StartTime: inOneHour() - 3600, ExpiredTime: inOneHour(), RequestId: 'r-1',
});

let engine: Engine;
let api: Place;
let cos: Place;
let other: Place;
let folder: string;

beforeEach(async () => {
  [api, cos, other] = await Promise.all([openPlace(), openPlace(), openPlace()]);
  engine = await startEngine();
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-hostile-'));
  // Any service error but a wrong key says that the key is known.
  api.answer = (response) => { response.end(JSON.stringify({ Response: { RequestId: 'r', Error: { Code: 'ResourceUnavailable', Message: 'x' } } })); };
  await engine.ferry.addAccount(sandboxDraft(engine.sandbox, { apiEndpoint: api.url, cosDomain: cos.url }));
});

afterEach(async () => {
  await engine.close();
  for (const place of [api, cos, other]) place.close();
  await rm(folder, { recursive: true, force: true });
});

const replies = (fields: Record<string, unknown>): Place['answer'] => (response) => { response.end(JSON.stringify({ Response: fields })); };

async function refusal(service: Service): Promise<Problem> {
  await engine.ferry.setDestination({ service, applicationId: 'app-1', cosRegion: '', durationSeconds: null });
  const failure = await Promise.resolve(engine.ferry.refreshCredential()).then(() => null, (error: { problem: Problem }) => error.problem);
  expect(failure).not.toBeNull();
  for (const language of ['en', 'zh-CN'] as const) {
    const { what, todo } = problemText(createTranslator(language), failure!);
    expect(what.length * todo.length).toBeGreaterThan(20);
    expect(what + todo).not.toContain('{{');
  }
  return failure!;
}

describe('a reply of the API that cannot be used is refused, names the field, and nothing is sent to COS', () => {
  const evilHosts = ['x.evil.com#', 'evil.com/', 'a@evil.com', 'evil.com:80', 'evil\u3002com', 'e\u0301vil', 'UPPER', '-a', 'a-', '', 'a'.repeat(60), '127.0.0.1', 'a\nb', 'a b', 'a%2fb', 1, null, ['bucket'], {}];
  const evilRegions = ['ap-guangzhou.evil.com', 'ap-guangzhou#', 'ap-guangzhou/', 'ap_guangzhou', 'ap-', 'ap-guangzhou@x', 'ap-guangzhou:1', 'ap-gu\u0430ngzhou', `ap-${'a'.repeat(60)}`, '', 7, null];
  const evilPaths = ['/absolute', '\\absolute', 'a/../b', '..', '../a', './a', 'a/./b', 'a\\b', 'a\0b', 'a\nb', 'x'.repeat(851), '', 5, null, ['a']];
  const evilSecrets = ['', 'with space', 'line\r\nX-Injected: 1', 'x'.repeat(9000), 'ключ', 1, null, {}];
  const evilTimes = [0, -1, 1.5, 1e300, '3600', null, {}];

  test.each<[string, readonly unknown[]]>([
    ['CosBucket', evilHosts], ['CosRegion', evilRegions], ['CosPrefix', evilPaths], ['CosId', evilSecrets], ['CosKey', evilSecrets], ['CosToken', evilSecrets], ['ExpireTime', evilTimes],
    ['CosAppid', [0, -1, 1.5, 1e21, '1250000000', null]],
  ])('ms: %s', async (field, values) => {
    for (const value of [...values, undefined]) {
      api.answer = replies({ ...msReply(), [field]: value });
      expect([value, await refusal('ms')]).toMatchObject([value, { code: 'service-reply-unusable', params: { field }, requestId: 'r-1' }]);
    }
    expect(cos.asked).toEqual([]);
  });

  test.each<[string, readonly unknown[]]>([
    ['CosBucket', evilHosts], ['CosRegion', evilRegions], ['Path', evilPaths], ['SecretID', evilSecrets], ['SecretKey', evilSecrets], ['SessionToken', evilSecrets], ['ExpiredTime', evilTimes.filter((time) => time !== 0)],
  ])('car: %s', async (field, values) => {
    for (const value of [...values, undefined]) {
      api.answer = replies({ ...carReply(), [field]: value });
      expect([value, await refusal('car')]).toMatchObject([value, { code: 'service-reply-unusable', params: { field }, requestId: 'r-1' }]);
    }
    expect(cos.asked).toEqual([]);
  });

  test.each<[string, string]>([
    ['nothing', ''], ['no JSON', '<html>'], ['null', 'null'], ['a list', '[]'], ['no Response', '{}'], ['a Response of text', '{"Response":"x"}'],
    ['no RequestId', '{"Response":{}}'], ['a RequestId that is a number', '{"Response":{"RequestId":1}}'], ['an Error of text', '{"Response":{"RequestId":"r","Error":"x"}}'],
    ['an Error without a code', '{"Response":{"RequestId":"r","Error":{"Message":"x"}}}'], ['depth', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['__proto__', '{"__proto__":{"Response":{"RequestId":"r"}}}'],
  ])('%s in place of a reply', async (_what, body) => {
    api.answer = (response) => { response.end(body); };
    expect(await refusal('ms')).toMatchObject({ code: 'service-reply-unusable', params: { field: 'Response' } });
  });

  test('words without end are cut to what a person reads', async () => {
    api.answer = replies({ RequestId: 'r'.repeat(1_000_000), Error: { Code: `Odd${'.x'.repeat(500_000)}`, Message: 'm'.repeat(1_000_000) } });
    const { detail, requestId, serviceCode } = await refusal('ms');
    expect([detail?.length, requestId?.length, serviceCode?.length]).toEqual([2000, 128, 128]);
  });

  test('a body without end is not read to its end', async () => {
    let written = 0;
    api.answer = (response) => {
      const chunk = Buffer.alloc(1_000_000, 0x20);
      const more = (): void => {
        while (!response.destroyed && written < 500_000_000) {
          written += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
      };
      more();
    };
    expect(await refusal('ms')).toMatchObject({ code: 'network-unreachable' });
    expect(written).toBeLessThan(200_000_000);
  });

  test('a Date of another age does no more than be believed', async () => {
    api.answer = (response) => {
      response.setHeader('Date', 'Fri, 31 Dec 9999 23:59:59 GMT');
      replies({ ...msReply(), CosBucket: 'x.evil.com#' })(response, { method: '', path: '' });
    };
    expect(await refusal('ms')).toMatchObject({ code: 'service-reply-unusable' });
  });
});

describe('a redirect is not followed', () => {
  test.each([301, 302, 303, 307, 308])('%i of the API: the key’s signature goes nowhere else', async (status) => {
    api.answer = (response) => { response.writeHead(status, { Location: `${other.url}/` }).end(); };
    expect(await refusal('ms')).toMatchObject({ code: 'service-reply-unusable' });
    expect(other.asked).toEqual([]);
  });

  test.each([301, 302, 307, 308])('%i of COS: the file and the token go nowhere else', async (status) => {
    api.answer = replies(msReply());
    cos.answer = (response) => {
      response.writeHead(status, { Location: `${other.url}/`, 'Content-Type': 'application/xml' });
      response.end(`<Error><Code>PermanentRedirect</Code><Message>Go there</Message><Endpoint>${other.url}</Endpoint></Error>`);
    };
    const file = path.join(folder, 'a.txt');
    await writeFile(file, 'content');
    await engine.drop([file], { service: 'ms' });
    const [upload] = await engine.finished();
    expect(upload).toMatchObject({ phase: 'failed', object: null });
    expect(upload!.problem).toMatchObject({ code: expect.stringMatching(/^store-/) });
    expect(cos.asked.length).toBeGreaterThan(0);
    expect(other.asked).toEqual([]);
  });
});
