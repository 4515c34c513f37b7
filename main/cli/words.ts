import type { Language } from '../../preload/contract.ts';
import type { UsageMistake } from './command.ts';

/** What the command line says beside the problems, which have their words in preload/locales. */
export interface CliWords {
  readonly usage: string;
  readonly mistakes: Readonly<Record<UsageMistake, (about: string) => string>>;
  readonly noKeys: string;
  readonly noAccount: (label: string) => string;
  readonly otherAccount: (label: string) => string;
  readonly waiting: string;
  readonly online: string;
  readonly interrupted: (unfinished: number) => string;
  readonly nothing: string;
  readonly busy: string;
  readonly aborted: (name: string) => string;
  readonly left: (path: string) => string;
  readonly stored: (name: string, bucket: string, key: string, size: string, crc64: string) => string;
  readonly failed: (name: string, what: string, todo: string) => string;
  readonly requestId: (code: string, requestId: string | null) => string;
  readonly bar: (parts: { percent: string; speed: string; left: string | null; done: number; all: number }) => string;
  readonly state: Readonly<Record<'running' | 'paused' | 'failed' | 'cancelled' | 'working', string>>;
}

const en: CliWords = {
  usage: `COS Ferry uploads builds to Tencent Cloud COS, whole and verified.

  upload --service ms|car [options] PATH…   send files and folders
  resume [options] [ID…]                    go on with what is unfinished
  list [options]                            show what is unfinished
  abort [options] [ID…]                     give it up and discard its parts

Options
  --service ms|car           Mobile Security or Cloud Application Rendering
  --application-id ID        car: the application
  --site china|international the account's site (china)
  --region REGION            ms: the bucket's region
  --name NAME                the object's or the package's name
  --account LABEL            an account of the app, its key from the keychain
  --concurrency N            parts in flight at once, at most; 1 to 64 (32)
  --part-size BYTES          1048576 to 536870912, 1 to 512 MiB (by the object's
                             size and the line)
  --state-dir DIR            where what is unfinished is kept
  --json                     one JSON object a line

Keys: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or --account.
Private clouds: COS_FERRY_API_ENDPOINT and COS_FERRY_COS_DOMAIN.
Exit status: 0 all done, 1 an upload failed, 2 usage, 3 no valid credentials,
130 or 143 interrupted; resume goes on.
`,
  mistakes: {
    'no-command': () => 'No command was given.',
    'unknown-command': (word) => `There is no command “${word}”.`,
    'unknown-option': (why) => why,
    'no-service': () => '--service has to be ms or car.',
    'no-application-id': () => 'For car, --application-id is needed.',
    'no-path': () => 'No path was given.',
    'site': () => '--site has to be china or international.',
    'concurrency': () => '--concurrency has to be a whole number from 1 to 64.',
    'part-size': () => '--part-size has to be a whole number of bytes from 1048576 to 536870912 (1 to 512 MiB).',
    'one-name': () => 'With --name there can be one path only.',
    'name': (name) => `“${name}” cannot be an object's name.`,
    'too-much': (word) => `“${word}” is not expected here.`,
    'no-such-upload': (id) => `No unfinished upload has an ID that begins with “${id}”.`,
  },
  noKeys: 'There are no keys: set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or give --account.',
  otherAccount: (label) => `Some uploads belong to “${label}”, whose keys were not given; they were left as they are.`,
  noAccount: (label) => `The app has no account called “${label}”.`,
  waiting: 'Nobody answers. Waiting for the network; it goes on by itself.',
  online: 'The network is back.',
  interrupted: (count) => `Interrupted with ${count} unfinished. “resume” goes on with what COS already has.`,
  nothing: 'Nothing is unfinished.',
  busy: 'Some uploads are being worked on by another process; they were left to it.',
  aborted: (name) => `Given up: ${name}`,
  left: (path) => `Left out: ${path}`,
  stored: (name, bucket, key, size, crc64) => `${name} → ${bucket}/${key} (${size}, CRC64 ${crc64})`,
  failed: (name, what, todo) => `${name}: ${what} ${todo}`,
  requestId: (code, requestId) => `  ${code}${requestId ? `, RequestId ${requestId}` : ''}`,
  bar: ({ percent, speed, left, done, all }) => `${percent}  ${speed}${left === null ? '' : `  ${left} left`}${all > 1 ? `  ${done} of ${all}` : ''}`,
  state: { running: 'unfinished', paused: 'paused', failed: 'failed', cancelled: 'to be discarded', working: 'in progress' },
};

const zhCN: CliWords = {
  usage: `COS Ferry 将构建完整、可验证地上传到腾讯云 COS。

  upload --service ms|car [选项] 路径…   上传文件和文件夹
  resume [选项] [ID…]                    继续未完成的上传
  list [选项]                            列出未完成的上传
  abort [选项] [ID…]                     放弃上传并清除已发送的分块

选项
  --service ms|car           移动安全或应用云渲染
  --application-id ID        car：应用 ID
  --site china|international 账号所属站点（默认 china）
  --region REGION            ms：存储桶地域
  --name NAME                对象或压缩包的名称
  --account LABEL            使用应用中的账号，密钥取自系统钥匙串
  --concurrency N            同时发送的分块数上限，1 到 64（默认 32）
  --part-size BYTES          1048576 到 536870912，即 1 到 512 MiB（默认按对象
                             大小和网络决定）
  --state-dir DIR            保存未完成上传记录的目录
  --json                     每行输出一个 JSON 对象

密钥：环境变量 TENCENTCLOUD_SECRET_ID 和 TENCENTCLOUD_SECRET_KEY，或 --account。
私有云：COS_FERRY_API_ENDPOINT 和 COS_FERRY_COS_DOMAIN。
退出状态：0 全部完成，1 有上传失败，2 用法错误，3 没有有效的密钥，
130 或 143 被中断，可用 resume 继续。
`,
  mistakes: {
    'no-command': () => '没有给出命令。',
    'unknown-command': (word) => `没有“${word}”这个命令。`,
    'unknown-option': (why) => why,
    'no-service': () => '--service 必须是 ms 或 car。',
    'no-application-id': () => '使用 car 时需要 --application-id。',
    'no-path': () => '没有给出路径。',
    'site': () => '--site 必须是 china 或 international。',
    'concurrency': () => '--concurrency 必须是 1 到 64 的整数。',
    'part-size': () => '--part-size 必须是 1048576 到 536870912 字节（1 到 512 MiB）的整数。',
    'one-name': () => '使用 --name 时只能给出一个路径。',
    'name': (name) => `“${name}”不能用作对象名称。`,
    'too-much': (word) => `这里不应有“${word}”。`,
    'no-such-upload': (id) => `没有 ID 以“${id}”开头的未完成上传。`,
  },
  noKeys: '没有密钥：请设置 TENCENTCLOUD_SECRET_ID 和 TENCENTCLOUD_SECRET_KEY，或使用 --account。',
  otherAccount: (label) => `有些上传属于“${label}”，没有给出它的密钥，因此未作改动。`,
  noAccount: (label) => `应用中没有名为“${label}”的账号。`,
  waiting: '网络没有响应，正在等待；恢复后会自动继续。',
  online: '网络已恢复。',
  interrupted: (count) => `已中断，还有 ${count} 个未完成。运行 resume 会从 COS 已有的部分继续。`,
  nothing: '没有未完成的上传。',
  busy: '有些上传正由另一个进程处理，未作改动。',
  aborted: (name) => `已放弃：${name}`,
  left: (path) => `未包含：${path}`,
  stored: (name, bucket, key, size, crc64) => `${name} → ${bucket}/${key}（${size}，CRC64 ${crc64}）`,
  failed: (name, what, todo) => `${name}：${what}${todo}`,
  requestId: (code, requestId) => `  ${code}${requestId ? `，RequestId ${requestId}` : ''}`,
  bar: ({ percent, speed, left, done, all }) => `${percent}  ${speed}${left === null ? '' : `  剩余 ${left}`}${all > 1 ? `  ${done}/${all}` : ''}`,
  state: { running: '未完成', paused: '已暂停', failed: '失败', cancelled: '待清除', working: '进行中' },
};

/** The words of both languages. */
export const cliWords: Readonly<Record<Language, CliWords>> = { en, 'zh-CN': zhCN, 'en-XA': en };
