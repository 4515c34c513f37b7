import type { problems as original } from '../en/problems.ts';
import type { SameWords } from '../same-words.ts';

/** 每个问题：发生了什么，该怎么做。 */
export const problems: SameWords<typeof original> = {
  'label-empty': {
    what: '账号还没有名称。',
    todo: '取一个容易认出来的名称，例如团队名或项目名。',
  },
  'label-taken': {
    what: '已经有名为“{{label}}”的账号。',
    todo: '请换一个名称。',
  },
  'secret-id-empty': {
    what: '还没有填写 SecretId。',
    todo: '可在腾讯云控制台的“API 密钥管理”中复制，以 AKID 开头。',
  },
  'secret-key-empty': {
    what: '还没有填写 SecretKey。',
    todo: '请从创建密钥时保存的地方复制。',
  },
  'endpoint-invalid': {
    what: '“{{value}}”不是可用的 API 接入地址。',
    todo: '请填写完整网址，例如 https://ms.example.com；不需要时请留空。',
  },
  'cos-domain-invalid': {
    what: '“{{value}}”不是可用的 COS 域名。',
    todo: '请填写主机名，例如 cos.example.com，可以带端口，也可以包含 {Bucket} 和 {Region}；不需要时请留空。',
  },
  'keychain-unavailable': {
    what: '这台电脑上没有可以保存 SecretKey 的系统钥匙串。',
    todo: '可以只在本次运行期间保留密钥；也可以先启用系统钥匙串（Linux 上如 GNOME Keyring 或 KWallet），然后重试。',
  },
  'keychain-locked': {
    what: '系统钥匙串已锁定。',
    todo: '解锁后重试，或只在本次运行期间保留密钥。',
  },
  'key-missing': {
    what: '这台电脑上已经没有“{{label}}”的 SecretKey。',
    todo: '请用同样的名称和密钥重新添加该账号。',
  },
  'key-not-deleted': {
    what: '无法从系统钥匙串中删除 SecretKey，因此保留了该账号。',
    todo: '请解锁系统钥匙串，然后再次移除该账号。',
  },
  'secret-id-unknown': {
    what: '腾讯云上没有这个 SecretId。',
    todo: '请与控制台核对：密钥可能已被删除，也可能属于另一个站点（中国站或国际站）。',
  },
  'secret-key-wrong': {
    what: 'SecretKey 与 SecretId 不匹配。',
    todo: '请重新复制同一个密钥的 SecretId 和 SecretKey，注意前后不要有空格。',
  },
  'key-refused': {
    what: '腾讯云没有接受这个密钥。',
    todo: '请在控制台确认密钥已启用，并确认账号选对了站点。',
  },
  'key-not-permitted': {
    what: '这个密钥没有获取临时密钥的权限。',
    todo: '请联系账号管理员，在访问管理（CAM）中为该用户授予此服务的权限。',
  },
  'clock-wrong': {
    what: '这台电脑的时间偏差超过五分钟，腾讯云因此拒绝了请求。',
    todo: '请在系统设置中打开“自动设置日期和时间”，然后重试。',
  },
  'rate-limited': {
    what: '该账号短时间内的请求过多。',
    todo: '请等一分钟再试。',
  },
  'service-internal': {
    what: '服务端发生了内部错误。',
    todo: '请过几分钟再试。如果一直这样，请把 RequestId 提供给腾讯云技术支持。',
  },
  'service-no-answer': {
    what: '服务端暂时无法响应。',
    todo: '请过几分钟再试。',
  },
  'service-unavailable': {
    what: '该账号目前无法使用此服务。',
    todo: '请在控制台确认服务已开通且没有欠费，然后重试。',
  },
  'application-unknown': {
    what: '该账号下没有应用“{{applicationId}}”。',
    todo: '请从应用云渲染控制台复制应用 ID，并确认选对了账号。',
  },
  'application-locked': {
    what: '应用“{{applicationId}}”已被锁定，很可能正在处理它的另一个版本。',
    todo: '请等它处理完成后再试。',
  },
  'service-failed': {
    what: '服务端未能完成操作。',
    todo: '请重试。如果再次失败，请把 RequestId 提供给腾讯云技术支持。',
  },
  'parameter-refused': {
    what: '服务端没有接受这次请求。',
    todo: '请检查地域、有效期和应用 ID。',
  },
  'parameter-value-refused': {
    what: '服务端没有接受其中某个值。',
    todo: '请检查地域、有效期和应用 ID。',
  },
  'operation-denied': {
    what: '服务端目前不允许此操作。',
    todo: '请在控制台检查应用和账号的状态。',
  },
  'service-other': {
    what: '服务端返回了 COS Ferry 不认识的错误。',
    todo: '详情中有错误码。请重试，或把 RequestId 提供给腾讯云技术支持。',
  },
  'service-reply-unusable': {
    what: '服务端有响应，但其中的“{{field}}”无法使用。',
    todo: '请重试。如果再次失败，请把 RequestId 提供给腾讯云技术支持。',
  },
  'network-unreachable': {
    what: '无法连接到 {{host}}。',
    todo: '请检查网络连接；如果用了代理或 VPN，也请一并检查。',
  },
  'network-timeout': {
    what: '{{host}} 响应超时。',
    todo: '请检查网络连接，然后重试。',
  },
  'application-id-missing': {
    what: '还没有填写应用 ID。',
    todo: '请填写这个包所属应用的 ID，在控制台的应用名称旁可以看到。',
  },
  'application-id-malformed': {
    what: '“{{applicationId}}”不是有效的应用 ID。',
    todo: '请从控制台复制，格式类似 app-fcegkdfa。',
  },
  'region-malformed': {
    what: '“{{region}}”不是有效的地域。',
    todo: '请从列表中选择，或填写类似 ap-guangzhou 的地域。',
  },
  'destination-locked': {
    what: '上传目标已锁定。',
    todo: '请先在上传目标旁解除锁定，再更换。',
  },
  'duration-out-of-range': {
    what: '临时密钥的有效期不能这么长或这么短。',
    todo: '请填写例如“30 分钟”或“2 小时”；留空则为一小时。',
  },
  'source-missing': {
    what: '找不到“{{name}}”。',
    todo: '它可能已被移动或删除。请从现在的位置重新拖入。',
  },
  'source-unreadable': {
    what: '无法读取“{{name}}”。',
    todo: '请确认有权限打开它，并且没有被其他程序占用，然后重试。',
  },
  'source-vanished': {
    what: '上传过程中“{{name}}”不见了。',
    todo: '请放回原处后重试，或去掉它再重新拖入文件夹。',
  },
  'source-changed': {
    what: '上传过程中“{{name}}”发生了变化。',
    todo: '请等正在写入它的程序结束，然后重试。',
  },
  'source-empty-folder': {
    what: '文件夹“{{name}}”是空的。',
    todo: '请放入内容后重新拖入。',
  },
  'source-nothing-to-send': {
    what: '“{{name}}”中没有可以上传的内容。',
    todo: '里面只有链接和特殊文件，它们不会被上传。请拖入存放实际文件的文件夹。',
  },
  'source-not-a-file': {
    what: '“{{name}}”既不是文件也不是文件夹。',
    todo: '设备、管道和套接字无法上传，请拖入文件或文件夹。',
  },
  'source-too-large': {
    what: '“{{name}}”超过了单个对象的大小上限。',
    todo: '请拆分成几个较小的包。',
  },
  'name-unsafe': {
    what: '名称“{{name}}”含有反斜杠、不可见的控制字符，或不完整的字符。',
    todo: '这样的名称在其他系统上会有不同的含义。请重命名后重试。',
  },
  'name-too-long': {
    what: '“{{name}}”在存储桶中的名称将有 {{bytes}} 字节，上限是 {{limit}} 字节。',
    todo: '请缩短文件名或所在文件夹的名称，然后重新拖入。',
  },
  'duplicate-object': {
    what: '“{{name}}”和“{{other}}”在存储桶中会重名。',
    todo: '请给其中一个改名，或分两次拖入。',
  },
  'dropped-no-file': {
    what: '“{{name}}”没有上传：系统没有告知它的位置。',
    todo: '如果是浏览器中的图片或邮件附件，请先保存到文件夹，再从那里拖入。如果它已在文件夹中，请重命名：名称中可能有此系统无法表示的字符。',
  },
  'dropped-no-files': {
    what: '拖入的内容中有 {{items, number}} 项没有上传，例如“{{name}}”：系统没有告知它们的位置。',
    todo: '如果是浏览器中的图片或邮件附件，请先保存到文件夹，再从那里拖入。如果它们已在文件夹中，请重命名：名称中可能有此系统无法表示的字符。全部名称见详情。',
  },
  'dropped-nothing': {
    what: '拖入的内容中没有文件。',
    todo: '邮件附件或其他程序中显示的内容需要先保存到文件夹，再从那里拖入。',
  },
  'credential-expired': {
    what: '上传完成之前，临时密钥过期了。',
    todo: '请重试，会先获取新的临时密钥。',
  },
  'store-access-denied': {
    what: 'COS 拒绝了这次上传。',
    todo: '请刷新临时密钥后重试。如果再次失败，请把 RequestId 提供给腾讯云技术支持。',
  },
  'store-clock-wrong': {
    what: '这台电脑的时间偏差过大，COS 因此拒绝了请求。',
    todo: '请在系统设置中打开“自动设置日期和时间”，然后重试。',
  },
  'store-refused': {
    what: 'COS 没有接受这次请求。',
    todo: '详情中有原因。请重试，或把 RequestId 提供给腾讯云技术支持。',
  },
  'store-failed': {
    what: '多次尝试之后，COS 仍然出错。',
    todo: '请过几分钟重试。',
  },
  'store-not-trusted': {
    what: '{{host}} 未能用有效的证书证明自己的身份，因此没有向它发送任何内容。',
    todo: '请检查账号中的地址和这台电脑的日期。会检查加密连接的代理或杀毒软件也可能是原因，可以向网络管理员确认。',
  },
  'store-no-bucket': {
    what: '存储桶“{{bucket}}”不存在。',
    todo: '请刷新临时密钥。如果是私有云，请检查账号的 COS 域名。',
  },
  'not-verified': {
    what: '存储桶中收到的内容与发送的不一致（CRC64 应为 {{expected}}，实际为 {{actual}}）。',
    todo: '请不要使用这个对象。重试即可重新上传。',
  },
  'abort-failed': {
    what: '上传已停止，但未能通知 COS 丢弃已上传的分块。',
    todo: '这些分块会留在 COS 上，直到在存储桶中清理，或由生命周期规则清理。',
  },
  'maybe-stored': {
    what: '取消时 COS 正在保存对象，因此对象可能已存入存储桶。',
    todo: '无法向 COS 查询结果。请在存储桶中确认，如不需要请将其删除。',
  },
  'parts-left': {
    what: '未能通知 COS 丢弃此上传之前一次尝试留下的分块。',
    todo: '这些分块会留在 COS 上，直到在存储桶中清理，或由生命周期规则清理；对象本身不受影响。',
  },
  'store-busy': {
    what: 'COS 一直返回错误，目前无法接收此上传。',
    todo: '无需处理。COS Ferry 会在一小时内持续重试，COS 恢复后自动继续。',
  },
  'service-busy': {
    what: '服务一直返回错误，目前无法获取临时密钥。',
    todo: '无需处理。COS Ferry 会在一小时内持续重试，服务恢复后自动继续。',
  },
  'no-answer': {
    what: '{{host}} 已有一段时间没有响应，此上传正在等待。',
    todo: '如果一直如此，请检查该服务器；如果用了代理或 VPN，也请一并检查。COS Ferry 会持续重试，收到响应后自动继续。',
  },
  'started-over-scope': {
    what: '新的临时密钥对应另一个位置，因此已在那里重新开始上传。',
    todo: '无需处理。如果再次出现，说明上传太慢，无法在一个密钥的有效期内完成：请暂停其他上传，或换用更快的网络。',
  },
  'credential-not-kept': {
    what: '这里没有可用的系统钥匙串，因此未保存未完成上传的临时密钥。',
    todo: '如果每次获取的临时密钥都对应不同的位置，resume 只能重新开始上传，已上传的分块会留在 COS 上，直到由生命周期规则清理。启用并解锁系统钥匙串即可避免。',
  },
  'started-over-parts': {
    what: 'COS 上已经没有先前上传的分块，因此重新开始了上传。',
    todo: '无需处理。',
  },
  'key-too-short': {
    what: '按目前的速度，剩余部分大约还需 {{minutesNeeded, number}} 分钟，但临时密钥将在 {{minutesLeft, number}} 分钟后到期，而下一个密钥对应另一个位置。',
    todo: '请暂停其他上传、取消限速，或换用更快的网络；否则密钥到期后，上传会重新开始。',
  },
  'sandbox-unavailable': {
    what: '本机沙箱未能启动。',
    todo: '请重启 COS Ferry。其他账号不受影响。',
  },
  'settings-unreadable': {
    what: '无法读取设置文件 {{file}}，COS Ferry 以默认设置启动。',
    todo: '原文件已保留在旁边。密钥仍安全地存放在系统钥匙串中，重新添加账号即可使用。',
  },
  'settings-not-saved': {
    what: '无法把设置保存到 {{file}}。',
    todo: '请确认磁盘有可用空间，并且有写入权限。',
  },
  'history-not-kept': {
    what: '无法读写历史记录文件 {{file}}。',
    todo: '上传不受影响。请确认磁盘有可用空间，并且有写入权限。',
  },
  'proxy-malformed': {
    what: '“{{value}}”不是有效的代理地址。',
    todo: '请填写类似 http://proxy.example.com:8080 或 socks5://127.0.0.1:1080 的地址，不要带用户名和密码。',
  },
  'export-failed': {
    what: '无法把历史记录保存到 {{file}}。',
    todo: '请确认磁盘有可用空间并且有写入权限，或换一个文件夹。',
  },
  'login-item-refused': {
    what: '系统不允许 COS Ferry 在登录时启动。',
    todo: '请在系统设置的登录项中添加它。',
  },
  'journal-unreadable': {
    what: '一项未完成上传的记录无法读取，已另存为 {{file}}。',
    todo: '如果列表中缺少某项上传，请重新拖入相应的文件或文件夹。其他上传不受影响。',
  },
  'nothing-to-show': {
    what: '沙箱中已经没有这个对象。',
    todo: '重新上传后即可查看。',
  },
  'request-invalid': {
    what: 'COS Ferry 无法理解这个操作。',
    todo: '请再试一次。如果仍然这样，请重启应用。',
  },
  'requests-too-many': {
    what: '窗口在短时间内发出了过多请求。',
    todo: '请稍候再试。如果再次出现，请重启应用。',
  },
  'not-agreed': {
    what: '您没有同意，因此未添加该账号。',
    todo: '请重新添加，并在询问时选择同意。如果您并没有填写过这个表单，请退出应用并反馈。',
  },
  interrupted: {
    what: '上传完成之前，COS Ferry 被关闭了。',
    todo: '点按“重试”即可继续上传。',
  },
  unexpected: {
    what: '发生了 COS Ferry 没有预料到的问题。',
    todo: '请重试。如果再次出现，请复制详情并反馈。',
  },
};
