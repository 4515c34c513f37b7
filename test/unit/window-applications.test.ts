import { expect, test } from 'vitest';
import type { ApplicationView, Reply } from '../../preload/contract.ts';
import type { ProblemCode } from '../../preload/problem-codes.ts';
import { Applications } from '../../renderer/state/applications.svelte.ts';

type Listing = Reply<readonly ApplicationView[]>;

function applicationsThatAnswer(...answers: readonly Listing[]) {
  const asked: string[] = [];
  const applications = new Applications({
    listApplications: async (accountId) => {
      const answer = answers[asked.length];
      asked.push(accountId);
      return answer!;
    },
  });
  return { applications, asked };
}

const listed: Listing = { ok: true, value: [{ id: 'app-1', name: 'Space game' }] };
const refused = (code: ProblemCode): Listing => ({ ok: false, problem: { code, params: {} } });

test('they are asked for once, not each time somebody looks', async () => {
  const { applications, asked } = applicationsThatAnswer(listed);
  expect(applications.of('a').state).toBe('loading');
  await Promise.all([applications.load('a'), applications.load('a')]);
  await applications.load('a');
  expect(asked).toEqual(['a']);
  expect(applications.of('a')).toMatchObject({ state: 'ready', applications: [{ id: 'app-1', name: 'Space game' }] });
});

test('a key that may not list them is told from a service that did not answer, and both are asked again', async () => {
  const { applications, asked } = applicationsThatAnswer(refused('key-not-permitted'), refused('network-timeout'), listed);
  await applications.load('a');
  expect(applications.of('a').state).toBe('refused');
  await applications.load('a');
  expect(applications.of('a').state).toBe('failed');
  await applications.load('a');
  expect(applications.of('a').state).toBe('ready');
  expect(asked).toHaveLength(3);
});
