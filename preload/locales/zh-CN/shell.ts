import type { shell as original } from '../en/shell.ts';
import type { SameWords } from '../same-words.ts';

/** 窗口之外的文字：托盘、菜单、通知和系统对话框。 */
export const shell: SameWords<typeof original> = {
  tray: {
    tooltip: {
      idle: 'COS Ferry',
      uploading_other: 'COS Ferry – 正在上传 {{count, number}} 项，{{percent}}',
      failed_other: 'COS Ferry – {{count, number}} 项失败',
    },
    open: '打开 COS Ferry',
    nothing: '没有正在上传的内容',
    upload: '{{name}} – {{percent}}',
    waiting: '{{name}} – 等待中',
    paused: '{{name}} – 已暂停',
    cancelling: '{{name}} – 正在取消',
    more_other: '还有 {{count, number}} 项',
    refetch: '重新获取临时密钥',
    refetching: '正在重新获取临时密钥…',
    quit: '退出 COS Ferry',
  },
  notice: {
    arrived: {
      title: '“{{name}}”已上传',
      body: '{{size}}，已上传并通过校验。',
      files_other: '{{count, number}} 个文件，共 {{size}}，已上传并通过校验。',
    },
    arrivedTogether: {
      title_other: '{{count, number}} 项已上传',
      body: '{{names}}，共 {{size}}，已上传并通过校验。',
    },
    failed: {
      title: '“{{name}}”未能上传',
      partly_other: '“{{name}}”中有 {{count, number}} 个文件未能上传',
      body: '{{what}}{{todo}}',
    },
    failedTogether: {
      title_other: '{{count, number}} 项上传失败',
      body: '{{names}}。请打开 COS Ferry 查看原因并重试。',
      bodyWithArrived_other: '{{names}}。其余 {{count, number}} 项已上传。',
    },
    namesAndMore_other: '{{names}}，以及另外 {{count, number}} 项',
    credentialReady: {
      title: '已获取临时密钥',
      body: '存储桶 {{bucket}} 的新临时密钥有效期至 {{time}}。',
    },
    credentialFailed: {
      title: '未能获取临时密钥',
      body: '{{what}}{{todo}}',
    },
    stillRunning: {
      title: '上传仍在继续',
      body: '上传完成之前，COS Ferry 会留在托盘中，可以通过托盘图标打开或退出。',
      bodyMac: '上传完成之前，COS Ferry 会留在菜单栏中，可以通过菜单栏图标打开或退出。',
    },
  },
  quit: {
    message_other: '还有 {{count, number}} 项上传未完成，仍要退出吗？',
    detail: '退出会暂停正在进行的上传；进度会保留，下次打开 COS Ferry 时继续。',
    detailPaused: '退出会暂停正在进行的上传；进度会保留，下次打开 COS Ferry 后需手动继续。',
    quit: '仍要退出',
    keep: '继续上传',
  },
  chooser: {
    files: '选择要上传的文件',
    folder: '选择要上传的文件夹',
    upload: '上传',
  },
  menu: {
    about: '关于 COS Ferry',
    hide: '隐藏 COS Ferry',
    hideOthers: '隐藏其他',
    showAll: '全部显示',
    quit: '退出 COS Ferry',
    file: '文件',
    chooseFiles: '选择文件…',
    chooseFolder: '选择文件夹…',
    closeWindow: '关闭窗口',
    edit: '编辑',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    view: '显示',
    actualSize: '实际大小',
    zoomIn: '放大',
    zoomOut: '缩小',
    fullScreen: '全屏',
    developerTools: '开发者工具',
    window: '窗口',
    minimize: '最小化',
    zoom: '缩放',
  },
};
