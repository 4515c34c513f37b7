import * as v from 'valibot';
import type { ApplicationView } from '../../preload/drops.ts';
import type { ApiClient } from './api-client.ts';
import { parseFields } from './reply-fields.ts';

const pageLength = 100;
const mostPages = 20;

const listed = v.nullish(v.array(v.object({ ApplicationId: v.string(), ApplicationName: v.nullish(v.string()) })), []);

const fields = v.object({
  UserApplicationList: listed,
  UserMobileApplicationList: listed,
});

/**
 * The account's applications, at most two thousand: DescribeApplicationList of Cloud Application
 * Rendering, 2022-01-10. Throws what the service says, such as `key-not-permitted`.
 */
export async function listApplications(api: ApiClient): Promise<readonly ApplicationView[]> {
  const found = new Map<string, ApplicationView>();
  for (let page = 0; page < mostPages; page++) {
    const reply = await api.call({
      product: 'car',
      action: 'DescribeApplicationList',
      version: '2022-01-10',
      payload: { Offset: page * pageLength, Limit: pageLength },
    });
    const { UserApplicationList: desktop, UserMobileApplicationList: mobile } = parseFields(fields, reply);
    const known = found.size;
    for (const { ApplicationId: id, ApplicationName: name } of [...desktop ?? [], ...mobile ?? []]) {
      // What cannot be asked for is no choice.
      if (/^[A-Za-z0-9_-]{1,64}$/.test(id)) found.set(id, { id, name: name?.trim() || id });
    }
    // Whatever a total says, a page that brings nothing new is the last.
    if (Math.max(desktop?.length ?? 0, mobile?.length ?? 0) < pageLength || found.size === known) break;
  }
  return [...found.values()];
}
